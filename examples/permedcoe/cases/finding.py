"""What a case found, and what all cases share: the benchmark's cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import ArrayLike

from coculture.cells.model import CellType, CycleModel, Phase, VolumeModel
from coculture.cells.standard_models import APOPTOSIS, NECROSIS

HOUR = 60.0
PHASES = (("G0G1", 7.0), ("S", 6.0), ("G2", 3.0), ("M", 2.0))


@dataclass(frozen=True)
class Finding:
    """A number of ours beside what it should be.

    Attributes
    ----------
    what : the number, with its unit.
    ours, right : ours, and the exact or experimental one; None where there is none.
    source : where ``right`` comes from.
    """

    what: str
    ours: float
    right: float | None = None
    source: str = ""


def cycle(spread: float = 0.0) -> CycleModel:
    """Return the benchmark's cycle: 7 + 6 + 3 + 2 h, volume doubling from S on."""
    phases = [
        Phase(name, hours * HOUR, fixed=True, divides=name == "M", doubles=name == "S", spread=spread) for name, hours in PHASES
    ]
    return CycleModel("benchmark", tuple(phases))


def cell_type(
    radius_um: float = 10.0, cycling: CycleModel | None = None, behaviours: Mapping[str, float] | None = None, swift: float = 1.0
) -> CellType:
    """Return a sphere of some radius; without a cycle it is inert. ``swift`` multiplies the standard rates of growth."""
    total = 4.0 / 3.0 * np.pi * radius_um**3
    standard = VolumeModel()
    volume = VolumeModel(
        total, total * standard.nuclear_um3 / standard.total_um3, standard.fluid_fraction,
        standard.fluid_per_min * swift, standard.cytoplasmic_per_min * swift, standard.nuclear_per_min * swift,
    )  # fmt: skip
    return CellType("cell", cycling or CycleModel("none", ()), volume, APOPTOSIS, NECROSIS, dict(behaviours or {}))


def table(tables: Path | None, name: str, **columns: ArrayLike) -> None:
    """Write a table that the benchmark asks for, ``permedcoe_<name>.csv``, where tables are wanted."""
    if tables is not None:
        rows = np.column_stack([np.asarray(column, dtype=np.float64) for column in columns.values()])
        place = tables / f"permedcoe_{name}.csv"
        np.savetxt(place, rows, fmt="%.10g", delimiter=",", header=",".join(columns), comments="")


def save(figure: plt.Figure, pictures: Path | None, name: str) -> None:
    """Save a picture where pictures are wanted."""
    if pictures is not None:
        figure.savefig(pictures / f"permedcoe_{name}.png", dpi=80)
    plt.close(figure)
