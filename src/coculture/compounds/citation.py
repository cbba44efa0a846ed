"""Where a number comes from: no number of the library stands without its source, and no source without what was read of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Evidence = Literal["read", "abstract read", "data", "computed", "assumed", "common knowledge, not read"]

EVIDENCE: dict[str, str] = {
    "read": "the passage that states the number was read",
    "abstract read": "the abstract, or a page that quotes the paper, states the number and was read",
    "data": "the number was read from a published table of data",
    "computed": "the number was computed, by the method the source names",
    "assumed": "chosen by us; the source says why",
    "common knowledge, not read": "attributed to the reference, which was not read: check before relying on it",
}
"""What was done to be sure of a number, strongest first."""

assert tuple(EVIDENCE) == get_args(Evidence)


@dataclass(frozen=True)
class Source:
    """Where numbers come from.

    Attributes
    ----------
    key : its name inside the file.
    text : the citation.
    evidence : what was read of it, see :data:`EVIDENCE`.
    address : DOI or web address, '' where there is none.
    """

    key: str
    text: str
    evidence: Evidence
    address: str = ""

    @property
    def line(self) -> str:
        """The citation in one line, with what was read of it."""
        address = f", {self.address}" if self.address else ""
        return f"{self.text}{address} [{self.evidence}]"


@dataclass(frozen=True)
class Cited:
    """A number and its source.

    Attributes
    ----------
    value : the number, in the unit of the key that holds it.
    source : where it comes from.
    note : what has to be known to use it, '' for nothing.
    """

    value: float
    source: Source
    note: str = ""


@dataclass(frozen=True)
class CitedRange:
    """A range and its source.

    Attributes
    ----------
    low : lower end.
    high : upper end; None where the source gives a least value only (a pharmacopoeia's limit).
    source : where it comes from.
    note : what has to be known to use it.
    """

    low: float
    high: float | None
    source: Source
    note: str = ""

    @property
    def middle(self) -> float:
        """The arithmetic middle; the lower end where no upper one is known, which then understates."""
        return self.low if self.high is None else 0.5 * (self.low + self.high)
