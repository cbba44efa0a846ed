"""Values of the behaviours: one row a type, and a column of its own for every cell where a rule changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.gathering import gather

Floats = NDArray[np.float64]


@dataclass(eq=False)
class Parameters:
    """Values of every behaviour of every cell.

    Kernels read behaviour ``b`` of cell ``i`` as ``by_cell[i, column[b]] if column[b] >= 0 else by_type[type[i], b]``.

    Attributes
    ----------
    names : names of the behaviours; their place is their number.
    by_type : (types, behaviours) base values.
    column : (behaviours,) int64, which column of ``by_cell`` holds it, -1 where no rule changes it.
    by_cell : (cells, columns) values of those that rules change.
    """

    names: tuple[str, ...]
    by_type: Floats
    column: NDArray[np.int64]
    by_cell: Floats
    _number: dict[str, int] = field(init=False)
    _numbers: dict[tuple[str, ...], NDArray[np.int64]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._number = {name: number for number, name in enumerate(self.names)}

    def number(self, name: str) -> int:
        """Return the number of a behaviour; KeyError where there is none of that name."""
        return self._number[name]

    def numbers(self, names: Sequence[str]) -> NDArray[np.int64]:
        """Return (names,) the numbers of several behaviours; KeyError where there is none of a name."""
        asked = tuple(names)
        found = self._numbers.get(asked)
        if found is None:
            found = self._numbers[asked] = np.array([self._number[name] for name in asked], dtype=np.int64)
        return found

    def values(self, name: str, types: NDArray[np.int64]) -> Floats:
        """Return (n,) the behaviour's value in every cell, given the cells' types."""
        number = self.number(name)
        column = int(self.column[number])
        return self.by_cell[:, column] if column >= 0 else self.by_type[types, number]

    def table(self, names: Sequence[str], types: NDArray[np.int64]) -> Floats:
        """Return (n, names) the values of several behaviours in every cell."""
        numbers = self.numbers(names)
        out = np.empty((len(types), len(numbers)))
        gather(self.by_type, self.by_cell, self.column[numbers], numbers, types, out)
        return out

    def is_used(self, name: str) -> bool:
        """Tell whether the behaviour may be other than 0 in any cell: one that is not costs nothing."""
        number = self._number[name]
        return bool(self.column[number] >= 0 or self.by_type[:, number].any())

    def any_used(self, names: Sequence[str]) -> bool:
        """Tell whether one of several behaviours may be other than 0 in any cell."""
        numbers = self.numbers(names)
        return bool((self.column[numbers] >= 0).any() or self.by_type[:, numbers].any())
