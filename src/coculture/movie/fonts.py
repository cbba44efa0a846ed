"""Fonts of captions: the usual one where it has every character, else one of the machine that has."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import matplotlib
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font
from PIL import ImageFont

SIZE = 15
"""Height of the letters, pixels."""

LIKELY = ("cjk", "hei", "ming", "song", "gothic", "pingfang", "jhenghei", "yahei", "wqy", "uming", "ukai", "fallback", "unicode")
"""In the names of files of fonts with Chinese characters; such files are looked into first."""


def font_for(text: str) -> ImageFont.FreeTypeFont:
    """Return a font that has every character of a text; the usual one where none of the machine has."""
    found = other_font(missing(text)) if missing(text) else None
    return _opened(found or usual_font())


def unwritten(*texts: str) -> str:
    """Return the characters of some texts that no font of this machine has, each once."""
    lacking = {text: missing(text) for text in texts}
    alone = (missing(text) for text, chars in lacking.items() if chars and other_font(chars) is None)
    return "".join(dict.fromkeys(letter for chars in alone for letter in chars))


def missing(text: str) -> str:
    """Return the characters of a text that the usual font lacks, each once, in their order."""
    known = _characters(usual_font())
    return "".join(dict.fromkeys(letter for letter in text if ord(letter) not in known))


@lru_cache(maxsize=1)
def usual_font() -> Path:
    """Return the font that comes with matplotlib."""
    return Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")


@lru_cache(maxsize=64)
def other_font(letters: str) -> Path | None:
    """Return a font of this machine that has some characters and plain letters too, None where there is none."""
    wanted = {ord(letter) for letter in f"{letters}A0…"}
    return next((path for path in fonts_here() if wanted <= _characters(path)), None)


@lru_cache(maxsize=1)
def fonts_here() -> tuple[Path, ...]:
    """Return the machine's fonts: first those likely to have Chinese characters, plain ones before bold and serif ones."""
    return tuple(sorted(map(Path, font_manager.findSystemFonts()), key=_rank))


def _rank(path: Path) -> tuple[bool, bool, bool, str]:
    name = path.name.lower()
    return not any(part in name for part in LIKELY), "serif" in name, "regular" not in name, str(path)


@lru_cache(maxsize=8)
def _characters(path: Path) -> frozenset[int]:
    try:
        return frozenset(FT2Font(str(path)).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()


@lru_cache(maxsize=8)
def _opened(path: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), SIZE)
