"""What an analysis is asked to do: read-outs, scales, thresholds and methods, checked when they are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coculture.errors import InputError, Problem

Direction = Literal["up", "down", "both"]
ControlWells = Literal["all", "inner"]
DIRECTIONS: tuple[Direction, ...] = ("up", "down", "both")


CONTROL_WELLS: tuple[ControlWells, ...] = ("all", "inner")


@dataclass(frozen=True)
class Readout:
    """One number per well that the screen judges.

    Attributes
    ----------
    name : the read-out's name in every result table.
    column : the column of the well table that holds it.
    direction : the change that counts as an effect: ``up`` and ``down`` are tested one-sided, ``both`` two-sided.
    primary : whether hits are ranked by it first. Where none is marked the first read-out is primary.
    label : how a person reads it; the name where empty.
    normalise : its own scale, where it is not the one of the analysis.
    """

    name: str
    column: str
    direction: Direction = "both"
    primary: bool = False
    label: str = ""
    normalise: str = ""

    def __post_init__(self) -> None:
        if self.direction not in DIRECTIONS:
            raise InputError(
                f"direction '{self.direction}' is not known",
                where=f"readout '{self.name}'",
                remedy="use one of: " + ", ".join(DIRECTIONS),
            )


@dataclass(frozen=True)
class ConditionContrast:
    """The question whether a compound acts differently in two arms of the screen.

    Attributes
    ----------
    reference, tested : values of the column ``condition``; the contrast is ``tested - reference``.
    pair_by : the column whose values are the independent units that saw both conditions (``donor``, ``batch``, ``plate``).
    method : name of the method, see ``screen.hits.contrast_methods``.
    minimum_effect : smallest absolute difference, on the scale of the analysis, that counts as a hit.
    """

    reference: str
    tested: str
    pair_by: str = "donor"
    method: str = "paired-t"
    minimum_effect: float = 0.0

    @property
    def text(self) -> str:
        """Return the contrast as result tables write it: ``co − mono``."""
        return f"{self.tested} − {self.reference}"


@dataclass(frozen=True)
class AnalysisSettings:
    """Everything the engine needs beside the well table.

    Attributes
    ----------
    readouts : the read-outs, at least one, names unique.
    normalise : the scale on which effects, hits and curves are judged (``screen.normalise.methods``) where a read-out
        does not name its own. Every other scale is computed and stored too.
    hit_method : how a treatment is compared with the negative controls (``screen.hits.methods``).
    fdr : highest expected fraction of false hits among the hits of a read-out (Benjamini-Hochberg).
    minimum_effect : smallest absolute effect, on the scale of ``normalise``, that counts as a hit.
    confidence : level of every interval.
    dose_response : curve model (``screen.dose_response.models``), or ``none``.
    flat_level : level of the test against a flat line below which a curve counts as an effect.
    control_wells : ``all`` negative controls, or only the ``inner`` ones where at least two lie inside the plate's edge.
    controls_in_curves : whether negative controls enter curves as one dose level at dose 0.
    cell_count_column : column with the number of cells of a well, for the guard against cytotoxicity.
    cell_count_minimum_percent : below this percentage of the negative controls' cells a hit carries a warning.
    contrast : the comparison of two conditions, or None.
    """

    readouts: tuple[Readout, ...]
    normalise: str = "percent-of-control"
    hit_method: str = "moderated-t"
    fdr: float = 0.05
    minimum_effect: float = 0.0
    confidence: float = 0.95
    dose_response: str = "logistic-4"
    flat_level: float = 0.05
    control_wells: ControlWells = "all"
    controls_in_curves: bool = True
    cell_count_column: str = "n_cells"
    cell_count_minimum_percent: float = 70.0
    contrast: ConditionContrast | None = None

    def __post_init__(self) -> None:
        problems = list(_readout_problems(self.readouts))
        for name in ("fdr", "confidence", "flat_level"):
            value = getattr(self, name)
            if not 0 < value < 1:
                problems.append(Problem(f"{name} is {value}", "analysis", "give a number between 0 and 1"))
        if self.minimum_effect < 0:
            problems.append(Problem(f"minimum_effect is {self.minimum_effect}", "analysis", "give a number >= 0"))
        if self.control_wells not in CONTROL_WELLS:
            what = f"control_wells '{self.control_wells}' is not known"
            problems.append(Problem(what, "analysis", "use one of: " + ", ".join(CONTROL_WELLS)))
        if problems:
            raise InputError(problems)

    def scale_of(self, readout: Readout) -> str:
        """Return the name of the scale the read-out is judged on."""
        return readout.normalise or self.normalise

    @property
    def primary(self) -> Readout:
        """Return the read-out that ranks the hits."""
        return next((readout for readout in self.readouts if readout.primary), self.readouts[0])


def _readout_problems(readouts: tuple[Readout, ...]) -> list[Problem]:
    if not readouts:
        return [Problem("no read-out is given", "analysis", "name at least one read-out and its column")]
    names = [readout.name for readout in readouts]
    problems = [
        Problem(f"two read-outs are named '{name}'", "analysis", "give each read-out its own name")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if sum(readout.primary for readout in readouts) > 1:
        problems.append(Problem("more than one read-out is primary", "analysis", "mark one read-out as primary"))
    return problems
