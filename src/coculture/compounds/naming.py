"""Names as people write them: with and without tones, spaces, hyphens, Greek letters. Names that fold alike are one name."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "ω": "omega"}


def folded(name: str) -> str:
    """Return what is compared of a name: lower case, no tones, no spaces or marks; ``Huáng Lián`` and ``huanglian`` are one."""
    text = unicodedata.normalize("NFKC", name).lower()
    text = "".join(_GREEK.get(letter, letter) for letter in text)
    text = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in text if letter.isalnum())


@dataclass(frozen=True)
class Names:
    """What an entry is called.

    Attributes
    ----------
    name : the name in the library.
    english : other names and codes.
    chinese, traditional, pinyin, latin : Chinese names in simplified and traditional characters, pinyin, Latin.
    """

    name: str
    english: tuple[str, ...] = ()
    chinese: tuple[str, ...] = ()
    traditional: tuple[str, ...] = ()
    pinyin: tuple[str, ...] = ()
    latin: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every name, the library's first."""
        return (self.name, *self.english, *self.chinese, *self.traditional, *self.pinyin, *self.latin)

    @property
    def shown(self) -> str:
        """The name with its first Chinese name."""
        return f"{self.name} {self.chinese[0]}" if self.chinese else self.name
