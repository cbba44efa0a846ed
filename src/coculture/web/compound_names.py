"""What a compound or herb is called in Chinese, pinyin and Latin, where the library knows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from coculture.compounds.library import standard_library
from coculture.compounds.naming import Names
from coculture.errors import CocultureError


@dataclass(frozen=True)
class CompoundNames:
    """Names beside the one a screen uses; '' where there is none."""

    chinese: str
    pinyin: str
    latin: str

    @property
    def text(self) -> str:
        """All of them in one line."""
        return " · ".join(part for part in (self.chinese, self.pinyin, self.latin) if part)


@lru_cache(maxsize=10_000)
def names_of(compound: str, language: str) -> CompoundNames | None:
    """Return the other names of a compound, herb or formula; None where the library does not know it or it has none.

    Parameters
    ----------
    compound : any of its names.
    language : traditional characters for ``zh-Hant`` where they are known, simplified ones otherwise.
    """
    try:
        names: Names = standard_library().find(compound).names
    except CocultureError:
        return None
    written = (names.traditional or names.chinese) if language == "zh-Hant" else (names.chinese or names.traditional)
    found = CompoundNames(*(group[0] if group else "" for group in (written, names.pinyin, names.latin)))
    return found if found.text else None
