"""Formulas: herbs with weights and the four roles 君臣佐使."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from coculture.compounds.citation import Cited, Source
from coculture.compounds.naming import Names, folded
from coculture.errors import InputError

Role = Literal["君", "臣", "佐", "使"]
ROLES: dict[str, str] = {
    "君": "sovereign: acts on the main complaint",
    "臣": "minister: helps the sovereign",
    "佐": "assistant: helps, tempers or opposes",
    "使": "envoy: guides and harmonises",
}


@dataclass(frozen=True)
class Member:
    """A herb of a formula.

    Attributes
    ----------
    herb : its name in the library.
    weight_g : its weight in one dose of the formula.
    role : 君, 臣, 佐 or 使; None where the books disagree.
    """

    herb: str
    weight_g: Cited
    role: Role | None = None


@dataclass(frozen=True)
class Formula:
    """A formula. A dose of it is the mass of all its dried herbs together in a volume of medium.

    Attributes
    ----------
    names : what it is called.
    book : the classic it comes from.
    members : its herbs.
    full_weight_g : weight of one dose of the whole formula. It stays when herbs are left out, so that the others keep their dose.
    sources : all sources of its file.
    note : what has to be known to use it.
    """

    names: Names
    book: str
    members: tuple[Member, ...]
    full_weight_g: float
    sources: tuple[Source, ...] = ()
    note: str = ""

    @property
    def name(self) -> str:
        """Its name in the library."""
        return self.names.name

    def weight_share(self, herb: str) -> float:
        """Return a member's share of the whole formula's weight, 0 to 1; 0 for a herb that is not in it."""
        return sum(one.weight_g.value for one in self.members if one.herb == herb) / self.full_weight_g

    def without(self, *herbs: str) -> Formula:
        """Return the formula with herbs left out (by their names in the library), the others at the dose they had.

        Raises
        ------
        InputError : if a herb is not in it or none is left.
        """
        gone = {folded(name) for name in herbs}
        here = {folded(one.herb) for one in self.members}
        if missing := [name for name in herbs if folded(name) not in here]:
            listed = ", ".join(one.herb for one in self.members)
            raise InputError(f"'{missing[0]}' is not in {self.name}", self.name, f"its herbs are: {listed}")
        left = tuple(one for one in self.members if folded(one.herb) not in gone)
        if not left:
            raise InputError(f"nothing is left of {self.name}", self.name, "leave out fewer herbs")
        return replace(self, names=Names(f"{self.name} without {' and '.join(herbs)}"), members=left)
