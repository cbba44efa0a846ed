"""The section that asks whether compounds together do more than expected."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from coculture.typed_file.section import OpenFraction, Section

Model = Literal["zip", "bliss", "hsa", "loewe", "musyc"]


class Combination(Section):
    """``[combination]``: do two or three compounds in a well do more than their single effects let expect?"""

    readout: str | None = Field(default=None, description="the readout that is scored; the primary one without it")
    response: Literal["percent-of-control", "normalised-percent-effect", "viability", "inhibition"] = Field(
        default="percent-of-control",
        description="how it becomes inhibition: 100 less percent of control; percent effect; 100 less the value; the value",
    )
    models: Annotated[tuple[Model, ...], Field(strict=False, min_length=1)] = Field(
        default=("zip", "bliss", "hsa", "loewe"), description="reference models; the first ranks the report's table"
    )
    convention: Literal["exact", "synergyfinder"] = Field(
        default="exact", description="exact: least squares; synergyfinder: as that R package, to compare with scores of others"
    )
    bootstraps: int = Field(
        default=100, ge=0, description="repetitions behind intervals and p-values: 0 for none, or 20 and more"
    )
    confidence: OpenFraction | None = Field(default=None, description="level of the intervals; that of [analysis] without it")
    minimum_score: float = Field(default=5.0, ge=0, description="smallest absolute score, in percent inhibition, that is called")
    fdr: OpenFraction | None = Field(default=None, description="false discovery rate of calls; that of [analysis] without it")
    by_plate: bool = Field(default=False, description="score each plate by itself; otherwise wells of all plates together")

    @field_validator("bootstraps")
    @classmethod
    def _enough(cls, value: int) -> int:
        if 0 < value < 20:
            raise ValueError(f"{value} repetitions tell no interval; give 0 for none, or 20 and more")
        return value

    @field_validator("models")
    @classmethod
    def _each_once(cls, names: tuple[Model, ...]) -> tuple[Model, ...]:
        if len(set(names)) < len(names):
            raise ValueError("a model is named twice; name each once")
        if set(names) == {"musyc"}:
            raise ValueError("MuSyC gives no score to rank by; name another model beside it")
        return names
