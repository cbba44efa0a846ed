"""What an analysis is asked to do: read-outs, scales, thresholds and methods, checked when they are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coculture.errors import InputError, Problem
from coculture.screen.contrast_settings import ConditionContrast as ConditionContrast
from coculture.screen.deconvolve.settings import MixtureSettings
from coculture.screen.synergy.question import CombinationQuestion

Direction = Literal["up", "down", "both"]
ControlWells = Literal["all", "inner"]
PERCENTAGES = frozenset({"percent-of-control", "normalised-percent-effect"})
"""Scales on which an effect is a percentage."""

DIRECTIONS: tuple[Direction, ...] = ("up", "down", "both")
About = Literal["state", "interaction", "viability"]
ABOUT: tuple[About, ...] = ("state", "interaction", "viability")

CONTROL_WELLS: tuple[ControlWells, ...] = ("all", "inner")


GUARD_REMEDY = "only a read-out about interaction is guarded: add about = \"interaction\", or leave out 'guard'"


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
    about : what it speaks of. A change of an ``interaction`` is called a hit only where its guards show it too
        (``screen.hits.guards``); treatments are sorted into classes by it and by the read-out about ``viability``.
    guard : column with the same read-out on outlines that follow no stain; '' finds the well's own twin where there is one.
    measured : the number of the well it was made from (``well_contacts_tumour_tcell``), by which twins are found; the
        column where empty.
    minimum_effect : smallest absolute effect that counts as a hit, on the read-out's scale; None: the analysis' one where that
        is meant on this scale (:meth:`AnalysisSettings.minimum_effect_of`).
    """

    name: str
    column: str
    direction: Direction = "both"
    primary: bool = False
    label: str = ""
    normalise: str = ""
    about: About = "state"
    guard: str = ""
    measured: str = ""
    minimum_effect: float | None = None

    def __post_init__(self) -> None:
        where = f"readout '{self.name}'"
        if self.direction not in DIRECTIONS:
            raise InputError(f"direction '{self.direction}' is not known", where, "use one of: " + ", ".join(DIRECTIONS))
        if self.about not in ABOUT:
            raise InputError(f"about '{self.about}' is not known", where, "use one of: " + ", ".join(ABOUT))
        if self.minimum_effect is not None and not self.minimum_effect >= 0:
            raise InputError(f"minimum_effect is {self.minimum_effect}", where, "give a number >= 0")
        if self.guard and self.about != "interaction":
            raise InputError(f"has a guard, '{self.guard}', but is about '{self.about}'", where, GUARD_REMEDY)

    @property
    def number(self) -> str:
        """Return the number of the well that the read-out is."""
        return self.measured or self.column


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
    robust : how wells far from their curve are weighted down (``screen.dose_response.robust``), or ``none``.
    controls_in_curves : whether negative controls enter curves as one dose level at dose 0.
    cell_count_column : column with the number of cells of a well, for the guard against cytotoxicity.
    cell_count_minimum_percent : below this percentage of the negative controls' cells a hit carries a warning.
    viability_minimum_percent : a treatment counts as cytotoxic or cytostatic where its viability lies below this percentage
        of the negative controls' and its interval below 100 (ISO 10993-5:2009 takes 70 %).
    contrast : the comparison of two or more conditions, or None.
    combination : what is asked about combinations, or None.
    mixture : what is asked about mixtures, or None.
    """

    readouts: tuple[Readout, ...]
    normalise: str = "percent-of-control"
    hit_method: str = "moderated-t"
    fdr: float = 0.05
    minimum_effect: float = 0.0
    confidence: float = 0.95
    dose_response: str = "logistic-4"
    flat_level: float = 0.05
    robust: str = "none"
    control_wells: ControlWells = "all"
    controls_in_curves: bool = True
    cell_count_column: str = "n_cells"
    cell_count_minimum_percent: float = 70.0
    viability_minimum_percent: float = 70.0
    contrast: ConditionContrast | None = None
    combination: CombinationQuestion | None = None
    mixture: MixtureSettings | None = None

    def __post_init__(self) -> None:
        problems = list(_readout_problems(self.readouts))
        for name in ("fdr", "confidence", "flat_level"):
            value = getattr(self, name)
            if not 0 < value < 1:
                problems.append(Problem(f"{name} is {value}", "analysis", "give a number between 0 and 1"))
        if not 0 < self.viability_minimum_percent <= 100:
            what = f"viability_minimum_percent is {self.viability_minimum_percent}"
            problems.append(Problem(what, "analysis", "give a percentage of the negative controls, above 0 and at most 100"))
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

    def minimum_effect_of(self, readout: Readout) -> float:
        """Return the smallest absolute effect of a read-out that counts.

        The analysis' own is a number on its scale. It is taken for a read-out on that scale, or where both are percentages of
        controls; on any other scale it would mean something else, and only the read-out's own counts.
        """
        if readout.minimum_effect is not None:
            return readout.minimum_effect
        scale = self.scale_of(readout)
        alike = scale == self.normalise or {scale, self.normalise} <= PERCENTAGES
        return self.minimum_effect if alike else 0.0

    @property
    def viability(self) -> Readout | None:
        """Return the read-out about viability, None where the count of cells stands for it."""
        return next((readout for readout in self.readouts if readout.about == "viability"), None)

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
    if sum(readout.about == "viability" for readout in readouts) > 1:
        what = "more than one read-out is about viability"
        problems.append(Problem(what, "analysis", "mark the one by which cells are said to live; the others are about state"))
    return problems
