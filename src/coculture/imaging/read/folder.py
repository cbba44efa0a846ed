"""Scan a folder of image files: what does each name say."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coculture.errors import FileError, Problem
from coculture.imaging.read.matching import Groups, matched_in_time
from coculture.imaging.read.patterns import GROUPS, FilePattern

IMAGE_ENDINGS = (".tif", ".tiff")
LONGEST_NAME = 255
"""Longer names are refused before any expression sees them."""


@dataclass(frozen=True)
class Scan:
    """What the names in a folder say.

    Attributes
    ----------
    paths : relative paths with ``/``, sorted.
    parts : per group of :data:`~coculture.imaging.read.patterns.GROUPS` one text per path, '' where the name is silent.
    skipped : image files whose names do not match.
    """

    paths: list[str]
    parts: dict[str, list[str]]
    skipped: list[str]


def scan_folder(folder: Path, pattern: FilePattern) -> Scan:
    """Match every image file below ``folder`` with ``pattern``.

    Raises
    ------
    FileError : if the folder is missing, is no folder, holds no image file, or none whose name matches.
    """
    if not folder.exists():
        raise FileError("the image folder does not exist", str(folder), "check the path, or give the folder with --images")
    if not folder.is_dir():
        raise FileError("this is a file, not a folder of images", str(folder), "name the folder that holds the images")
    names = sorted(_image_paths(folder))
    _require_text(names, folder)
    if not names:
        raise FileError(
            f"no image file ({', '.join(IMAGE_ENDINGS)}) lies in the folder or below it", str(folder), "check the path"
        )
    found = _match_all(names, pattern)
    if not found.paths:
        raise FileError(_nothing_matches(names, folder, pattern))
    return found


def _image_paths(folder: Path) -> Iterator[str]:
    prefix = len(str(folder).rstrip(os.sep)) + 1
    entered: set[str] = set()
    for place, folders, files in os.walk(folder, onerror=_refuse, followlinks=True):
        real = os.path.realpath(place)
        if real in entered:  # a link that leads back
            folders.clear()
            continue
        entered.add(real)
        folders[:] = [name for name in folders if not name.startswith(".")]
        relative = place[prefix:].replace(os.sep, "/")
        for name in files:
            if name.lower().endswith(IMAGE_ENDINGS) and not name.startswith("."):
                yield f"{relative}/{name}" if relative else name


def _require_text(names: list[str], folder: Path) -> None:
    """Refuse names that are no text: they could not be written into any table."""
    odd = [name for name in names if not name.isascii() and _is_broken(name)]
    if odd:
        raise FileError(f"{len(odd)} file names are not UTF-8, as {odd[0]!a}", repr(str(folder))[1:-1], "rename the files")


def _is_broken(name: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in name)


def _refuse(error: OSError) -> None:
    raise FileError("a folder cannot be listed", str(error.filename), "ask for permission to read it, or take it away") from error


def _match_all(names: list[str], pattern: FilePattern) -> Scan:
    expressions = pattern.compiled()
    parts: dict[str, list[str]] = {group: [] for group in GROUPS}
    paths: list[str] = []
    skipped: list[str] = []
    texts = _own_pattern(names, pattern) if pattern.is_own else (_match(path, expressions) for path in names)
    for path, said in zip(names, texts, strict=True):
        if said is None:
            skipped.append(path)
            continue
        paths.append(path)
        for group in GROUPS:
            parts[group].append(said.get(group) or "")
    return Scan(paths, parts, skipped)


def _own_pattern(names: list[str], pattern: FilePattern) -> list[Groups | None]:
    """Match with an expression a person wrote, which may take for ever."""
    (expression, whole_path), *_ = pattern.compiled()
    texts = [path if whole_path else path.rpartition("/")[2] for path in names]
    return matched_in_time(expression.pattern, [text if _is_short(path) else "" for text, path in zip(texts, names, strict=True)])


def _is_short(path: str) -> bool:
    return len(path.rpartition("/")[2]) <= LONGEST_NAME and len(path) <= 4 * LONGEST_NAME


def _match(path: str, expressions: tuple[tuple[re.Pattern[str], bool], ...]) -> Groups | None:
    name = path.rpartition("/")[2]
    if not _is_short(path):
        return None
    for expression, whole_path in expressions:
        match = expression.fullmatch(path if whole_path else name)
        if match is not None:
            return match.groupdict()
    return None


def _nothing_matches(names: list[str], folder: Path, pattern: FilePattern) -> Problem:
    shown = ", ".join(names[:: max(1, len(names) // 3)][:3])
    form = f"ready pattern '{pattern.name}', as in {pattern.example}" if pattern.example else f"pattern {pattern.expressions[0]}"
    return Problem(
        f"none of {len(names)} image files matches the {form}; the folder holds {shown}",
        str(folder),
        "choose another ready pattern, or write an expression that matches the whole name, for instance of the first name above",
    )
