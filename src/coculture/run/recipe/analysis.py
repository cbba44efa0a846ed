"""Sections that say what is asked of the wells: read-outs, normalisation, hits, dose-response."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from coculture.typed_file.section import OpenFraction, Section

Scale = Literal[
    "percent-of-control",
    "normalised-percent-effect",
    "z",
    "robust-z",
    "mad-robustize",
    "plate-median",
    "plate-median-log2",
    "b-score",
    "loess",
    "well-correction",
    "as-given",
]
"""Scale on which effects, hits and curves are judged."""


class ReadoutSection(Section):
    """``[[readout]]``: one number a well, and the direction in which it is looked for.

    Either ``feature`` (a column of the cell table, reduced over the well's cells by ``aggregate``) or ``column``
    (a column of the well table, such as ``n_cells``).
    """

    name: str = Field(min_length=1, pattern=r"^[A-Za-z][A-Za-z0-9_]*$", description="its name in every table: letters, digits, _")
    feature: str | None = Field(default=None, description="a feature of the cells, reduced by 'aggregate'")
    column: str | None = Field(default=None, description="a number of the well, such as n_cells; or a column of the table")
    aggregate: Literal["median", "mean", "sd", "fraction_above", "fraction_below"] = Field(
        default="median", description="how the values of a well's cells become one number"
    )
    cell_type: str | None = Field(default=None, description="reduce over cells of this type only")
    of: Literal["living", "dead", "all"] = Field(default="living", description="which cells 'feature' is reduced over")
    threshold: float | None = Field(default=None, description="needed by fraction_above and fraction_below")
    direction: Literal["up", "down", "both"] = Field(default="both", description="the change that counts as an effect")
    primary: bool = Field(default=False, description="hits are ranked by it; the first readout where none is marked")
    label: str = Field(default="", description="what the report calls it")
    normalise: Scale | None = Field(default=None, description="its own scale, where it is not that of [analysis]")
    minimum_effect: float | None = Field(
        default=None, ge=0, description="smallest effect that counts, on its own scale; that of [analysis] where the scales agree"
    )
    about: Literal["state", "interaction", "viability"] = Field(
        default="state", description="what it speaks of: cells' state, what happens between cells (guarded), or how many live"
    )
    guard: str | None = Field(
        default=None, description="of an interaction: the same number of the well on outlines that follow no stain; else found"
    )

    @model_validator(mode="after")
    def _one_origin(self) -> ReadoutSection:
        if (self.feature is None) == (self.column is None):
            raise ValueError("a readout needs exactly one of 'feature' (of the cells) and 'column' (of the wells)")
        needs_threshold = self.aggregate in ("fraction_above", "fraction_below")
        if needs_threshold and self.threshold is None:
            raise ValueError(f"aggregate '{self.aggregate}' needs a 'threshold'")
        if not needs_threshold and self.threshold is not None:
            raise ValueError(f"aggregate '{self.aggregate}' takes no 'threshold'")
        if self.guard is not None and self.about != "interaction":
            raise ValueError("only a readout about interaction is guarded: add about = \"interaction\", or leave out 'guard'")
        return self


class Contrast(Section):
    """``[analysis.contrast]``: does a compound act differently in two conditions of the screen, or in several?"""

    reference: str = Field(description="value of 'condition' that is compared with, such as mono")
    tested: str | list[str] = Field(
        description="value of 'condition' that is asked about, such as co; several in [ ]; \"*\": all but the reference"
    )
    pair_by: Literal["donor", "batch", "plate"] = Field(default="donor", description="independent units that saw both conditions")
    method: Literal["paired-t", "paired-moderated-t", "mixed-model", "most-variable-dose", "linear-model"] = Field(
        default="paired-t", description="how the difference is judged"
    )
    minimum_effect: float = Field(
        default=0.0, ge=0, description="smallest difference that counts, on the scale of the readout; of most-variable-dose in %"
    )
    doses: Literal["all", "highest"] = Field(default="all", description="highest: the highest dose of each compound alone")
    toxic_doses: dict[str, list[float]] = Field(
        default={},
        description="compound = [doses in µM, µg/mL or steps] that harm the other cells, which tests leave out",
    )
    toxicity: str = Field(
        default="", description="a number of the well that counts the other cells; models take their loss into account"
    )


class Analysis(Section):
    """``[analysis]``: how wells become hits."""

    normalise: Scale = Field(default="percent-of-control", description="scale on which effects, hits and curves are judged")
    hit_method: Literal["moderated-t", "welch-t"] = Field(
        default="moderated-t", description="how a treatment is compared with the negative controls"
    )
    fdr: OpenFraction = Field(default=0.05, description="false discovery rate among the hits of a readout")
    minimum_effect: float = Field(default=0.0, ge=0, description="smallest effect that counts, on the scale of 'normalise'")
    confidence: OpenFraction = Field(default=0.95, description="level of every interval")
    control_wells: Literal["all", "inner"] = Field(default="all", description="inner: leave out negative controls at the edge")
    cell_count_minimum_percent: float = Field(default=70.0, ge=0, description="below it a hit carries a warning")
    viability_minimum_percent: float = Field(
        default=70.0, gt=0, le=100, description="a treatment that surely leaves less than this of the controls is cytotoxic"
    )
    contrast: Contrast | None = None


class DoseResponse(Section):
    """``[dose_response]``: the curve fitted to each compound."""

    model: Literal[
        "logistic-3", "logistic-4", "logistic-5", "weibull-1", "weibull-2", "brain-cousens", "cedergreen", "best", "none"
    ] = Field(default="logistic-4", description="curve; best: chosen by AICc for each compound; none: no curves")
    robust: Literal["none", "huber", "tukey", "student-t"] = Field(
        default="none", description="how wells far from their curve are weighted down"
    )
    flat_level: OpenFraction = Field(default=0.05, description="a curve counts where the test against a flat line falls below")
    controls_in_curves: bool = Field(default=True, description="negative controls enter curves as dose 0")
