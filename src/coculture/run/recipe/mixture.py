"""The section that asks what the ingredients of mixtures do, and which of them carry the activity."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from coculture.typed_file.section import Names, OpenFraction, Section

Ranking = Literal["correlation", "grey-relation", "vip", "selectivity-ratio", "elastic-net"]


class MixtureComposition(Section):
    """``[mixture.composition]``: what each fraction or extract holds, so that its features can be ranked by activity."""

    table: str | None = Field(default=None, description="CSV, TSV, XLSX or Parquet file, relative to the recipe")
    library: bool = Field(default=False, description="in place of a table: what the library knows of the herbs that were dosed")
    rows: Literal["fractions", "features"] = Field(default="fractions", description="what a row of the table is")
    name: str | None = Field(default=None, description="header of the column with the rows' names; the first without it")
    ignore: Names = Field(default=(), description="headers of columns that are neither names nor contents")
    strip: str = Field(default="", description="ending taken off the fractions' names, such as '.mzXML Peak area'")
    per_total: bool = Field(default=False, description="divide each fraction's contents by their sum (total ion current)")

    @model_validator(mode="after")
    def _one_source(self) -> MixtureComposition:
        if (self.table is None) != self.library:
            raise ValueError('say what fractions hold once: table = "peaks.csv", or library = true')
        return self


class Mixture(Section):
    """``[mixture]``: what does each ingredient of a formula or extract add, and which carries the activity?"""

    formula: str | None = Field(
        default=None, description="formula of the library whose herbs are the ingredients; without it found from the wells"
    )
    ingredients: Names = Field(default=(), description="the ingredients, in place of a formula")
    readouts: Names = Field(default=(), description="readouts that are analysed; all without it")
    design: Literal["auto", "leave-one-out", "factorial", "pooled", "none"] = Field(
        default="auto", description="how designed mixtures are read; auto: by the wells there are"
    )
    pairs: bool = Field(default=True, description="look at pairs of ingredients where the wells can tell them")
    scale: Literal["readout", "log"] = Field(
        default="readout", description="where effects add: the readout's scale, or the log of the value over the controls'"
    )
    minimum_effect: float = Field(default=0.0, ge=0, description="smallest effect that counts, on the scale of 'scale'")
    fdr: OpenFraction = Field(default=0.1, description="false discovery rate among the contrasts of a design")
    direction: Literal["readout", "up", "down"] = Field(
        default="readout", description="what counts as active when features are ranked; readout: as its own direction says"
    )
    methods: Annotated[tuple[Ranking, ...], Field(strict=False, min_length=1)] = Field(
        default=("correlation", "grey-relation", "vip", "selectivity-ratio", "elastic-net"),
        description="rankings that make the consensus",
    )
    bootstraps: int = Field(default=200, ge=20, description="samples of fractions behind the intervals of ranks")
    permutations: int = Field(default=2000, ge=100, description="random orders of fractions behind the p-values")
    top: int = Field(default=10, ge=1, description="how many first places top_share counts")
    composition: MixtureComposition | None = None

    @model_validator(mode="after")
    def _one_list(self) -> Mixture:
        if self.formula and self.ingredients:
            raise ValueError("the ingredients are given twice: keep 'formula' or 'ingredients'")
        return self
