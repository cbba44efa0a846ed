"""``[dead_cells]``: how dead cells are told from living ones in images."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from coculture.typed_file.section import Positive, Section


class DeadCells(Section):
    """``[dead_cells]``: by a stain of dead or of living cells; without it every cell that is seen is taken to live."""

    feature: str = Field(description="feature of the stain, such as nucleus_intensity_mean_pi")
    dead: Literal["above", "below"] = Field(default="above", description="above: a stain of dead cells; below: of living ones")
    threshold: Positive | None = Field(default=None, description="where to cut; learnt from the negative controls without it")
    spreads: Positive | None = Field(
        default=None, description="robust standard deviations beyond the controls' median at which it is learnt; 4 without it"
    )

    @model_validator(mode="after")
    def _one_way(self) -> DeadCells:
        if self.threshold is not None and self.spreads is not None:
            raise ValueError("a given 'threshold' is not learnt: leave out 'spreads'")
        return self
