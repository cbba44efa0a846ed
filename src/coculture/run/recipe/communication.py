"""The section that says which signals are looked at between cells."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from coculture.typed_file.section import Names, Section


class Transfer(Section):
    """``[[communication.transfer]]``: a dye or signal handed from cells of one type to cells of another."""

    signal: str = Field(description="the feature that is handed on, such as cell_intensity_mean_gfp")
    donor: str = Field(description="type of the cells that have it")
    receiver: str = Field(description="type of the cells that get it")


class Communication(Section):
    """``[communication]``: how a cell's own signal depends on its neighbours."""

    signals: Names = Field(default=(), description="features whose slope on the number of neighbours of each type is asked for")
    transfer: Annotated[tuple[Transfer, ...], Field(strict=False)] = Field(
        default=(), description="what is handed on, as [[communication.transfer]]"
    )
