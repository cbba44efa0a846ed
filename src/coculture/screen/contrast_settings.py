"""What a contrast of conditions is asked to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from coculture.errors import InputError, Problem

Doses = Literal["all", "highest"]
DOSES: tuple[Doses, ...] = ("all", "highest")
EVERY_OTHER = "*"
"""As ``tested``: every condition of the table but the reference."""

_WHERE = "analysis.contrast"


@dataclass(frozen=True)
class ConditionContrast:
    """The question whether a compound acts differently in one arm of the screen, or in several, than in another.

    Attributes
    ----------
    reference : value of the column ``condition`` that is compared with.
    tested : the value that is asked about, several values, or ``*`` for every other one. A contrast is ``tested - reference``.
    pair_by : the column whose values are the independent units that saw the conditions (``donor``, ``batch``, ``plate``).
    method : name of the method, see ``screen.hits.contrasts.methods``.
    minimum_effect : smallest absolute difference that counts as a hit: on the scale of the analysis, or what the method's
        effect is in.
    doses : ``all`` doses that both conditions saw, or the ``highest`` of each compound alone.
    toxic_doses : compound -> doses that harm the other cells of the tested condition; tests leave them out.
    toxicity : column with a number of the *other* cells of a well, by which their loss is taken into account; '' for none.
    """

    reference: str
    tested: str | Sequence[str]
    pair_by: str = "donor"
    method: str = "paired-t"
    minimum_effect: float = 0.0
    doses: Doses = "all"
    toxic_doses: Mapping[str, Sequence[float]] = field(default_factory=dict)
    toxicity: str = ""

    def __post_init__(self) -> None:
        problems = []
        if self.doses not in DOSES:
            problems.append(Problem(f"doses '{self.doses}' is not known", _WHERE, "use one of: " + ", ".join(DOSES)))
        if self.reference in self.named or not self.named:
            what = f"'{self.reference}' is compared with itself" if self.named else "no tested condition is named"
            problems.append(Problem(what, _WHERE, "name as 'tested' one or several other conditions, or \"*\" for all others"))
        if problems:
            raise InputError(problems)

    @property
    def named(self) -> tuple[str, ...]:
        """Return the tested conditions as named: none where every other one is meant."""
        tested = (self.tested,) if isinstance(self.tested, str) else tuple(self.tested)
        return ("*",) if EVERY_OTHER in tested else tested

    def arms(self, conditions: Iterable[str]) -> tuple[str, ...]:
        """Return the tested conditions, of those there are in the table."""
        if self.named == (EVERY_OTHER,):
            return tuple(sorted({name for name in conditions if name} - {self.reference}))
        return self.named

    def text(self, arm: str) -> str:
        """Return the contrast of one tested condition as result tables write it: ``co − mono``."""
        return f"{arm} − {self.reference}"
