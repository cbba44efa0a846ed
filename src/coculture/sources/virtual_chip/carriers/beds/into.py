"""How drug is put into a medium that is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from coculture.cells.medium.medium import Medium
from coculture.sources.virtual_chip.surroundings import ChipSurroundings

Floats = NDArray[np.float64]


class Into(Protocol):
    """Puts drug into a medium that is computed."""

    def everywhere(self, row: int, um: float) -> None:
        """Raise the concentration everywhere."""
        ...

    def at(self, row: int, amounts: Floats, position: Floats) -> None:
        """Put amounts in where cells are."""
        ...

    def nothing_left(self, row: int) -> None:
        """Change the medium."""
        ...


@dataclass(frozen=True, eq=False)
class IntoWell:
    """The medium of a plain well."""

    medium: Medium

    def everywhere(self, row: int, um: float) -> None:
        """Raise the concentration everywhere."""
        self.medium.concentration[row] += um

    def at(self, row: int, amounts: Floats, position: Floats) -> None:
        """Put amounts into the cells' voxels."""
        box = self.medium.box
        column, line = (np.clip(position[:, axis] // box.voxel_um, 0, box.shape[2 - axis] - 1).astype(int) for axis in (0, 1))
        np.add.at(self.medium.concentration[row, 0], (line, column), amounts / box.voxel_um3)

    def nothing_left(self, row: int) -> None:
        """Change the medium."""
        self.medium.concentration[row] = 0.0


@dataclass(frozen=True, eq=False)
class IntoChip:
    """The solutes on a chip; what is put in is booked as secreted."""

    chip: ChipSurroundings

    def field(self, row: int, um: Floats) -> None:
        """Raise concentrations (open cells,) by as much."""
        transport = self.chip.transport
        assert transport is not None
        number = [one.name for one in transport.solutes].index(self.chip.solutes[row])
        transport.state.cells_um[number] += um
        more = float(transport.cells.volume() @ um)
        transport.state.accounts[number].secreted += more
        transport.state.accounts[number].stored += more

    def everywhere(self, row: int, um: float) -> None:
        """Raise the concentration everywhere."""
        assert self.chip.transport is not None
        self.field(row, np.full(self.chip.transport.cells.count, um))

    def at(self, row: int, amounts: Floats, position: Floats) -> None:
        """Put amounts into the grid's cells the living cells lie in."""
        transport = self.chip.transport
        assert transport is not None
        self.field(row, transport.cells.pack(self.chip.gathered_at(amounts, position)) / transport.cells.volume())

    def nothing_left(self, row: int) -> None:
        """Do nothing: medium of a chip is changed through its ports."""
