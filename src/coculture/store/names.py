"""Names of plates and wells as names of folders and files.

A plate's name comes from a person and may hold anything; a folder's name may not. Letters and digits of any alphabet,
``- _ . +`` and the blank stand for themselves; every other character is written as ``%`` and its UTF-8 bytes in hex, as
in web addresses. The way back is exact, so no two plates share a folder (on a file system that tells capital from small letters).
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from coculture.errors import InputError

_PLAIN = frozenset("-_.+ ")
_LONGEST = 180
_WELL = re.compile(r"[A-Za-z0-9]+")


def folder_name(plate: str) -> str:
    """Return the folder name that stands for ``plate``, the same on every system.

    Raises
    ------
    InputError : if the name is empty, only dots, holds a path separator or control character, begins or ends with a
        blank, or is too long for a file system.
    """
    fault = _fault(plate)
    if fault:
        raise InputError(
            f"the plate name {plate!r} {fault}",
            remedy="rename the plate: letters, digits, '-', '_', '.' and blanks inside the name are always allowed",
        )
    text = "".join(_encoded(character) for character in plate)
    if text.endswith("."):  # some file systems drop a closing dot
        text = text[:-1] + "%2E"
    if len(text.encode()) > _LONGEST:
        raise InputError(f"the plate name {plate!r} is too long to name a folder", remedy=f"shorten it below {_LONGEST} bytes")
    return text


def plate_of_folder(name: str) -> str:
    """Return the plate whose folder is ``name``; the inverse of :func:`folder_name`."""
    return unquote(name)


def well_file_stem(well: str) -> str:
    """Return ``well`` unchanged where it can name a file and a Zarr group.

    Raises
    ------
    InputError : if it holds anything but letters and digits.
    """
    if not _WELL.fullmatch(well):
        raise InputError(f"the well name {well!r} is not made of letters and digits", remedy="use names as A01 or C01U03")
    return well


def _fault(plate: str) -> str:
    if not plate.strip():
        return "is empty"
    if plate != plate.strip():
        return "begins or ends with a blank"
    if not plate.strip("."):
        return "is only dots"
    if "/" in plate or "\\" in plate:
        return "holds a path separator"
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in plate):
        return "holds a control character"
    return ""


def _encoded(character: str) -> str:
    if character.isalnum() or character in _PLAIN:
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode())
