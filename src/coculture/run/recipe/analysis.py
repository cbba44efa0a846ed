"""Sections that say what is asked of the wells: read-outs, normalisation, hits, dose-response."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from coculture.run.recipe.section import OpenFraction, Section

Scale = Literal["percent-of-control", "normalised-percent-effect", "robust-z", "b-score", "as-given"]
"""Scale on which effects, hits and curves are judged."""


class ReadoutSection(Section):
    """``[[readout]]``: one number a well, and the direction in which it is looked for.

    Either ``feature`` (a column of the cell table, reduced over the well's cells by ``aggregate``) or ``column``
    (a column of the well table, such as ``n_cells``).
    """

    name: str = Field(min_length=1, pattern=r"^[A-Za-z][A-Za-z0-9_]*$")
    feature: str | None = None
    column: str | None = None
    aggregate: Literal["median", "mean", "sd", "fraction_above", "fraction_below"] = "median"
    cell_type: str | None = Field(default=None, description="reduce over cells of this type only")
    threshold: float | None = Field(default=None, description="needed by fraction_above and fraction_below")
    direction: Literal["up", "down", "both"] = "both"
    primary: bool = False
    label: str = Field(default="", description="what the report calls it")
    normalise: Scale | None = Field(default=None, description="its own scale, where it is not that of [analysis]")

    @model_validator(mode="after")
    def _one_origin(self) -> ReadoutSection:
        if (self.feature is None) == (self.column is None):
            raise ValueError("a readout needs exactly one of 'feature' (of the cells) and 'column' (of the wells)")
        needs_threshold = self.aggregate in ("fraction_above", "fraction_below")
        if needs_threshold and self.threshold is None:
            raise ValueError(f"aggregate '{self.aggregate}' needs a 'threshold'")
        if not needs_threshold and self.threshold is not None:
            raise ValueError(f"aggregate '{self.aggregate}' takes no 'threshold'")
        return self


class Contrast(Section):
    """``[analysis.contrast]``: does a compound act differently in two conditions of the screen?"""

    reference: str = Field(description="value of 'condition' that is compared with, such as mono")
    tested: str = Field(description="value of 'condition' that is asked about, such as co")
    pair_by: Literal["donor", "batch", "plate"] = "donor"
    method: Literal["paired-t"] = "paired-t"
    minimum_effect: float = Field(default=0.0, ge=0)


class Analysis(Section):
    """``[analysis]``: how wells become hits."""

    normalise: Scale = "percent-of-control"
    hit_method: Literal["moderated-t", "welch-t"] = "moderated-t"
    fdr: OpenFraction = Field(default=0.05, description="false discovery rate among the hits of a readout")
    minimum_effect: float = Field(default=0.0, ge=0, description="smallest effect that counts, on the scale of 'normalise'")
    confidence: OpenFraction = Field(default=0.95, description="level of every interval")
    control_wells: Literal["all", "inner"] = Field(default="all", description="inner: leave out negative controls at the edge")
    cell_count_minimum_percent: float = Field(default=70.0, ge=0, description="below it a hit carries a warning")
    contrast: Contrast | None = None


class DoseResponse(Section):
    """``[dose_response]``: the curve fitted to each compound."""

    model: Literal["logistic-4", "none"] = "logistic-4"
    flat_level: OpenFraction = Field(default=0.05, description="a curve counts where the test against a flat line falls below")
    controls_in_curves: bool = Field(default=True, description="negative controls enter curves as dose 0")
