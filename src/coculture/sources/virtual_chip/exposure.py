"""What cells meet of what was dosed: free concentrations at every cell, at any time.

Two ways, by choice of the recipe. *Nominal*: the concentration of the plate map is everywhere, at once, as in a well that is
mixed when it is dosed and loses nothing. *Delivered*: the drug is a solute of the medium like any other; it comes through the
inlets or into the well, spreads, decays, goes into the walls, and each cell meets what is at its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from coculture.cells.process import World
from coculture.sources.virtual_chip.carriers.beds.stirred import Stirred
from coculture.sources.virtual_chip.carriers.cargo import Cargo
from coculture.sources.virtual_chip.drug import Dose, Drug

Floats = NDArray[np.float64]

Free = Mapping[str, Floats]
"""By drug: (n,) free concentration at the cells, or (1,) where it is the same for all, µM."""


class Exposure(Protocol):
    """What cells meet."""

    def at(self, world: World) -> Free:
        """Return what is free at the cells now."""
        ...


@dataclass(frozen=True)
class Nominal:
    """The same dose everywhere.

    Attributes
    ----------
    doses : what was dosed.
    drugs : by name.
    """

    doses: Sequence[Dose]
    drugs: Mapping[str, Drug]

    def at(self, world: World) -> Free:
        """Return the doses that are there now."""
        return {name: np.array([um]) for name, um in self.at_time(world.time_min).items()}

    def at_time(self, time_min: float) -> dict[str, float]:
        """Return the free concentration of every drug at a time, µM."""
        total = {dose.drug: 0.0 for dose in self.doses}
        for dose in self.doses:
            if dose.is_there(time_min):
                total[dose.drug] += dose.um
        return {name: um * self.drugs[name].free_fraction for name, um in total.items()}


@dataclass(frozen=True)
class NominalWithCarriers:
    """The same dose everywhere, and with it what carriers have given off.

    Attributes
    ----------
    nominal : what was dosed free.
    cargo : the carriers, stirred.
    """

    nominal: Nominal
    cargo: Cargo

    def at(self, world: World) -> Free:
        """Return what is free in the medium now."""
        found = dict(self.nominal.at_time(world.time_min))
        assert isinstance(self.cargo.bed, Stirred)
        for carrier, um in zip(self.cargo.carriers, self.cargo.bed.free_um, strict=True):
            found[carrier.drug] += float(um) * self.nominal.drugs[carrier.drug].free_fraction
        return {name: np.array([um]) for name, um in found.items()}


@dataclass(frozen=True)
class Delivered:
    """What the medium holds at each cell's place.

    Attributes
    ----------
    solutes : by drug, the number of its solute in the model.
    drugs : by name.
    """

    solutes: Mapping[str, int]
    drugs: Mapping[str, Drug]

    def at(self, world: World) -> Free:
        """Return what is free at every cell now."""
        here = world.surroundings.concentrations(world.cells.position)
        return {name: np.maximum(here[:, k], 0.0) * self.drugs[name].free_fraction for name, k in self.solutes.items()}
