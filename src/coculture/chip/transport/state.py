"""Everything that a computation of transport needs to go on, exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coculture.chip.transport.ledger import Account
from coculture.errors import FileError, InputError

Floats = NDArray[np.float64]


@dataclass(eq=False)
class TransportState:
    """Concentrations of s solutes in n open cells and m tanks, and what the next step needs.

    Attributes
    ----------
    time_min : the time.
    cells_um : (s, n) concentration in medium that each open cell is in equilibrium with, in the order of the cell map.
    tanks_um : (s, m) concentrations in the tanks behind membranes.
    next_step_min : (s,) length of the step to try next.
    accounts : (s,) the ledger.
    walls : what the wall law remembers.
    """

    time_min: float
    cells_um: Floats
    tanks_um: Floats
    next_step_min: Floats
    accounts: list[Account]
    walls: dict[str, Floats] = field(default_factory=dict)

    def as_arrays(self) -> dict[str, Floats]:
        """Return the state as named arrays, every number whole."""
        accounts = np.array([[getattr(account, name) for name in _ENTRIES] for account in self.accounts])
        arrays = {
            "time_min": np.array([self.time_min]),
            "cells_um": self.cells_um.copy(),
            "tanks_um": self.tanks_um.copy(),
            "next_step_min": self.next_step_min.copy(),
            "accounts": accounts,
        }
        return arrays | {f"walls/{name}": values.copy() for name, values in self.walls.items()}

    @classmethod
    def from_arrays(cls, arrays: dict[str, Floats]) -> TransportState:
        """Return the state that :meth:`as_arrays` gave.

        Raises
        ------
        InputError : if an array is missing.
        """
        missing = {"time_min", "cells_um", "tanks_um", "next_step_min", "accounts"} - set(arrays)
        if missing:
            raise InputError("these arrays are missing: " + ", ".join(sorted(missing)), "transport state", "save the state again")
        accounts = [Account(**dict(zip(_ENTRIES, map(float, row), strict=True))) for row in arrays["accounts"]]
        walls = {name[len("walls/") :]: values.copy() for name, values in arrays.items() if name.startswith("walls/")}
        cells, tanks, steps = (arrays[name].copy() for name in ("cells_um", "tanks_um", "next_step_min"))
        return cls(float(arrays["time_min"][0]), cells, tanks, steps, accounts, walls)

    def save(self, path: Path) -> None:
        """Write the state to an ``.npz`` file."""
        with path.open("wb") as file:
            np.savez(file, **self.as_arrays())  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> TransportState:
        """Read a state.

        Raises
        ------
        FileError : if the file is missing or is no state.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                return cls.from_arrays({name: file[name] for name in file.files})
        except (OSError, ValueError, KeyError) as error:
            raise FileError(f"cannot be read as a state of transport: {error}", str(path), "save the state again") from error


_ENTRIES = tuple(Account.__dataclass_fields__)
