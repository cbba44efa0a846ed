"""What a screen asks about its combinations, beside what :class:`SynergySettings` says of scoring one."""

from __future__ import annotations

from dataclasses import dataclass, field

from coculture.errors import InputError, Problem
from coculture.screen.synergy.settings import WHERE, SynergySettings

MUSYC = "MuSyC"
INHIBITION_OF: dict[str, tuple[str, float, float]] = {
    "percent-of-control": ("percent_of_control", 100.0, -1.0),
    "normalised-percent-effect": ("normalised_percent_effect", 0.0, 1.0),
    "viability": ("raw", 100.0, -1.0),
    "inhibition": ("raw", 0.0, 1.0),
}
"""What a read-out is: the column of the normalised wells, and start and sign that make it percent inhibition."""


@dataclass(frozen=True)
class CombinationQuestion:
    """Which read-out is scored, and from when on a score is called.

    Attributes
    ----------
    readout : name of the read-out; '' is the primary one.
    inhibition : how its numbers become percent inhibition (:data:`INHIBITION_OF`).
    scoring : how each combination is scored; its ``readout`` and ``response`` are not used.
    musyc : whether MuSyC is fitted to pairs too.
    minimum_score : smallest absolute score, in percent, that is called.
    fdr : false discovery rate among the combinations of a model.
    """

    readout: str = ""
    inhibition: str = "percent-of-control"
    scoring: SynergySettings = field(default_factory=SynergySettings)
    musyc: bool = False
    minimum_score: float = 0.0
    fdr: float = 0.05

    def __post_init__(self) -> None:
        problems = []
        if self.inhibition not in INHIBITION_OF:
            what = f"response '{self.inhibition}' is not known"
            problems.append(Problem(what, WHERE, "use one of: " + ", ".join(INHIBITION_OF)))
        if self.minimum_score < 0:
            problems.append(Problem(f"minimum_score is {self.minimum_score}", WHERE, "give a percentage of 0 or more"))
        if not 0 < self.fdr < 1:
            problems.append(Problem(f"fdr is {self.fdr}", WHERE, "give a number between 0 and 1"))
        if problems:
            raise InputError(problems)
