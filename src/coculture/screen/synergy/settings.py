"""What a synergy analysis is asked to do, checked when it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coculture.errors import InputError, Problem

Convention = Literal["exact", "synergyfinder"]
CONVENTIONS: tuple[Convention, ...] = ("exact", "synergyfinder")
Response = Literal["raw", "viability", "inhibition"]
RESPONSES: tuple[Response, ...] = ("raw", "viability", "inhibition")
WHERE = "combinations"


@dataclass(frozen=True)
class SynergySettings:
    """How combinations are scored.

    Attributes
    ----------
    readout : column of the well table that is scored.
    response : what the read-out is: ``viability`` in percent, ``inhibition`` in percent, or ``raw`` numbers that become
        percent of the median negative control of their plate and condition, and are viability then.
    group_by : columns whose values wells must share to be scored together: ``condition``, or ``condition`` and ``plate``.
    models : which reference models, of ``screen.synergy.models``.
    convention : ``exact``: least-squares Hill curves and solved Loewe equations; ``synergyfinder``: the conventions of the R
        package synergyfinder 3 (``docs/combinations.md``), to compare with scores of others.
    bootstraps : repetitions behind every interval and p-value; 0 gives scores alone.
    confidence : level of the intervals.
    seed : seed of the bootstrap.
    """

    readout: str = "viability"
    response: Response = "viability"
    group_by: tuple[str, ...] = ("condition",)
    models: tuple[str, ...] = ("ZIP", "HSA", "Bliss", "Loewe")
    convention: Convention = "exact"
    bootstraps: int = 100
    confidence: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        problems = []
        for name, value, allowed in (("response", self.response, RESPONSES), ("convention", self.convention, CONVENTIONS)):
            if value not in allowed:
                problems.append(Problem(f"{name} '{value}' is not known", WHERE, "use one of: " + ", ".join(allowed)))
        if not self.models:
            problems.append(Problem("no model is asked for", WHERE, "name one or more of: ZIP, HSA, Bliss, Loewe"))
        if self.bootstraps < 0 or self.bootstraps in range(1, 20):
            problems.append(Problem(f"bootstraps is {self.bootstraps}", WHERE, "give 0 for none, or 20 and more"))
        if not 0 < self.confidence < 1:
            problems.append(Problem(f"confidence is {self.confidence}", WHERE, "give a number between 0 and 1"))
        if self.seed < 0:
            problems.append(Problem(f"seed is {self.seed}", WHERE, "give an integer >= 0"))
        if problems:
            raise InputError(problems)
