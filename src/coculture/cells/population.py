"""The cells: one array a property, all of one length, in one order."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from coculture.cells.rows import closed, closing, with_copies

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LIVING, APOPTOTIC, NECROTIC, LYSED = 0, 1, 2, 3
"""State of a cell; the last three are dead."""


def radius_of(volume_um3: Floats) -> Floats:
    """Return the radius of spheres of that volume, µm."""
    return np.asarray(np.cbrt(0.75 / np.pi * volume_um3))


@dataclass(eq=False)
class Population:
    """Cells as a struct of arrays; n cells.

    Attributes
    ----------
    cell_id : (n,) never used twice in a simulation, never renumbered.
    parent_id : (n,) id of the mother, -1 for founders. A mother's id ends at division; both daughters get new ones.
    type : (n,) number of the type in the model.
    state : (n,) ``LIVING``, ``APOPTOTIC``, ``NECROTIC`` or ``LYSED``.
    position : (n, 3) µm; z is 0 in two dimensions.
    velocity : (n, 3) µm/min at the last mechanics step, which the second-order integrator needs.
    radius : (n,) µm, of the sphere of the cell's volume.
    fluid, nuclear_solid, cytoplasmic_solid : (n,) µm³, the parts of the volume.
    nuclear : (n,) µm³, volume of the nucleus, fluid and solid.
    calcified : (n,) share of a dead cell that is calcified.
    phase : (n,) number of the phase of its type's cycle.
    phase_min : (n,) time since the phase began, or since death began.
    remaining : (n,) what is left of the phase (or of dying): begins at 1 where its length is fixed, at an exponential number
        where it is chance, shrinks at the rate of leaving, and ends at 0; -1 where the stay is to begin at the next tick.
    death_volume : (n,) µm³, volume at death; 0 in living cells.
    heading : (n, 3) direction of active migration, length 1 (0 where it has none).
    pressure : (n,) simple pressure, 1 in a hexagonally packed cell.
    damage : (n,) damage suffered.
    target : (n,) id of the cell it attacks, -1 where it attacks none.
    attack_min : (n,) time since the attack began.
    internal : (n, k) what the model keeps inside cells, by the model's names: receptor occupancy, messengers, drug taken up.
    next_id : the next new id.
    """

    cell_id: Integers
    parent_id: Integers
    type: Integers
    state: Integers
    position: Floats
    velocity: Floats
    radius: Floats
    fluid: Floats
    nuclear_solid: Floats
    cytoplasmic_solid: Floats
    nuclear: Floats
    calcified: Floats
    phase: Integers
    phase_min: Floats
    remaining: Floats
    death_volume: Floats
    heading: Floats
    pressure: Floats
    damage: Floats
    target: Integers
    attack_min: Floats
    internal: Floats
    next_id: int = 0

    def __len__(self) -> int:
        return len(self.cell_id)

    @property
    def volume(self) -> Floats:
        """(n,) total volume, µm³."""
        return np.asarray(self.fluid + self.nuclear_solid + self.cytoplasmic_solid)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return every array by name."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "next_id"}

    @classmethod
    def founders(
        cls, position: Floats, types: Integers, volume_um3: Floats, nuclear_um3: Floats, fluid_fraction: Floats, internal: Floats
    ) -> Population:
        """Return cells at rest with ids 0, 1, …

        Parameters
        ----------
        position : (n, 3) or (n, 2) µm.
        types : (n,) numbers of their types.
        volume_um3, nuclear_um3, fluid_fraction : (n,) of each cell.
        internal : (n, k) start values.
        """
        n = len(position)
        place = np.zeros((n, 3))
        place[:, : position.shape[1]] = position
        solid = volume_um3 * (1.0 - fluid_fraction)
        nuclear_solid = nuclear_um3 * (1.0 - fluid_fraction)

        def whole(value: int = 0) -> Integers:
            return np.full(n, value, np.int64)

        def real(*size: int) -> Floats:
            return np.zeros((n, *size))

        return cls(
            cell_id=np.arange(n, dtype=np.int64),
            parent_id=whole(-1),
            type=np.asarray(types, np.int64).copy(),
            state=whole(LIVING),
            position=place,
            velocity=real(3),
            radius=radius_of(volume_um3),
            fluid=volume_um3 * fluid_fraction,
            nuclear_solid=nuclear_solid,
            cytoplasmic_solid=solid - nuclear_solid,
            nuclear=np.asarray(nuclear_um3, np.float64).copy(),
            calcified=real(),
            phase=whole(),
            phase_min=real(),
            remaining=np.full(n, -1.0),
            death_volume=real(),
            heading=real(3),
            pressure=real(),
            damage=real(),
            target=whole(-1),
            attack_min=real(),
            internal=np.array(internal, np.float64).reshape(n, -1 if n else np.shape(internal)[-1]),
            next_id=n,
        )

    def add_copies(self, rows: Integers) -> Integers:
        """Append a copy of each of some rows, ids and all; return the new rows.

        Arrays grow in place while there is room behind them, so that adding few cells to many costs little.
        """
        before = len(self)
        for name, array in self.arrays().items():
            setattr(self, name, with_copies(array, rows))
        return np.arange(before, before + len(rows), dtype=np.int64)

    def remove(self, rows: Integers) -> None:
        """Take some rows out, in place; the last rows move into the holes."""
        holes, fillers, left = closing(len(self), rows)
        for name, array in self.arrays().items():
            setattr(self, name, closed(array, holes, fillers, left))

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Population:
        """Return the population of some rows, in that order."""
        return Population(**{name: array[rows] for name, array in self.arrays().items()}, next_id=self.next_id)  # type: ignore[arg-type]

    def joined(self, other: Population) -> Population:
        """Return the population with the cells of ``other`` behind."""
        mine, theirs = self.arrays(), other.arrays()
        both = {name: np.concatenate([array, theirs[name]]) for name, array in mine.items()}
        return Population(**both, next_id=max(self.next_id, other.next_id))
