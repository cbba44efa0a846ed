"""What every section of a typed file shares: frozen, strict, and closed to unknown keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """Base of every section. A key it does not declare is refused; a text is never taken for a number."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


Names = Annotated[tuple[str, ...], Field(strict=False)]
"""A list of names; TOML gives a list, the section keeps a tuple."""

Options = dict[str, bool | int | float | str]
"""Options whose names only the method knows."""

Fraction = Annotated[float, Field(ge=0, le=1)]
"""A number from 0 to 1, both included."""

Positive = Annotated[float, Field(gt=0)]
"""A number above 0."""

OpenFraction = Annotated[float, Field(gt=0, lt=1)]
"""A number between 0 and 1, both excluded."""
