"""Mechanics and migration: cells push, pull and walk.

The velocity of a cell is the sum of what its neighbours, the walls, its own migration and (for a cell in suspension) the flow
give it; inertia plays no part at this scale. A pair at distance d parts at ``√(k_i k_j) (1 − d/R)² − √(a_i a_j A_ij A_ji)
(1 − d/R_A)²`` with R the sum of the radii, R_A that of the reaches, k repulsion, a adhesion and A affinities, each term inside
its own distance only (Macklin et al. 2012, J Theor Biol 301:122; Ghaffarizadeh et al. 2018, PLoS Comput Biol 14:e1005991).
Positions follow by the second-order Adams-Bashforth rule.

Springs (see :mod:`~coculture.cells.processes.springs`) pull with ``√(κ_i κ_j)`` times their length. A wall is taken as the plane
nearest to the cell; no centre leaves the room it may be in. Walls, flow and directions of bias are looked up at every contact
tick, positions move at every mechanics step.

Migration: a cell goes straight at its speed and chooses a new direction at the rate 1/persistence; the direction is a mix of
chance and of the bias, the weighted sum of the gradients' directions. Without bias the mean squared displacement is Fürth's,
with D = S² P/n in n dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.moving import move, prepare_body, pressures
from coculture.cells.kernels.walking import SPEED, WEIGHT, bias_directions, prepare_walk
from coculture.cells.neighbour_lists import NeighbourLists
from coculture.cells.population import LIVING
from coculture.cells.process import World
from coculture.cells.processes.springs import Springs

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_PRESSURE_SCALE = 6 * (1 - np.sqrt(np.pi / (2 * np.sqrt(3)))) ** 2
"""Sum of squared overlaps of a disc in a hexagonal packing that keeps its area: the pressure that counts as 1."""

_NONE, _NOWHERE, _NO_ROWS = np.zeros((0, 3)), np.zeros((1, 3)), np.zeros(0, np.int64)
_NO_LIST = NeighbourLists(np.zeros(0, np.int64), np.zeros(0, np.int32), _NONE, np.zeros(0))


@dataclass(frozen=True)
class Mechanics:
    """The process; see the module's head."""

    pace: str = "mechanics"

    def is_active(self, world: World) -> bool:
        """Tell whether anything can move."""
        names = ("repulsion", "adhesion", "migration_speed", "wall_repulsion", "wall_adhesion")
        carried = any(not one.adherent for one in world.model.types)
        springs = world.parameters.is_used("attachments_most")
        return carried or springs or any(world.parameters.is_used(f"{name}_um_per_min") for name in names)

    def go_on(self, world: World, minutes: float) -> None:
        """Move every cell for ``minutes``, in steps of the mechanics clock."""
        if not len(world.cells):
            return
        steps = world.model.steps
        number, chunk = round(minutes / steps.mechanics_min), round(steps.contact_min / steps.mechanics_min)
        forces, walk, springs = _Forces.of(world), _Walk.of(world), Springs.of(world)
        done = 0
        while done < number:
            together = min(chunk - (world.step + done) % chunk, number - done)
            self._move(world, world.step + done, together, forces, walk, springs)
            done += together
        world.forget_contacts()

    def _move(self, world: World, first: int, number: int, forces: _Forces, walk: _Walk, springs: Springs) -> None:
        """Move for some steps in unchanging surroundings."""
        cells, model = world.cells, world.model
        bias, carried, walls = walk.bias(world), _carried(world), forces.walls(world)
        done = 0
        while done < number:
            lists = world.neighbours_within(forces.extent, first + done) if forces.pairs or walk.held_back else _NO_LIST
            done += move(
                world.key, first + done, number - done, model.steps.mechanics_min, model.dimensions == 2,
                cells.cell_id, cells.type, cells.radius, cells.position, cells.velocity, cells.heading,
                lists.start, lists.neighbour, lists.marked, lists.reach, forces.extent,
                forces.pairs, forces.body, forces.affinity, forces.movable,
                walk.table, bias, walk.held_back, carried,
                walls, forces.wall_strength, springs.start, springs.other, springs.stiffness,
            )  # fmt: skip
            del lists  # they must not be there still while the next are made
        inside = world.surroundings.inside(cells.position)
        if inside is not cells.position:
            cells.position[:] = inside


@dataclass(frozen=True, eq=False)
class _Forces:
    """What forces ask of every cell, gathered once a call; arrays of length 0 where a model has no such thing.

    ``pairs`` tells whether cells push or pull each other at all; for the arrays see :func:`~coculture.cells.kernels.moving.move`.
    """

    pairs: bool
    body: Floats
    extent: Floats
    affinity: Floats
    wall_strength: Floats
    movable: NDArray[np.bool_]

    @classmethod
    def of(cls, world: World) -> _Forces:
        cells, parameters = world.cells, world.parameters
        names = ("adhesion_reach", "adhesion_reach", "repulsion_um_per_min", "adhesion_um_per_min")
        body = parameters.table(names, cells.type)
        prepare_body(body, cells.radius)
        walls = ("wall_repulsion_um_per_min", "wall_adhesion_um_per_min")
        has_walls = parameters.any_used(walls)
        return cls(
            pairs=parameters.any_used(names[2:]),
            body=body,
            extent=np.maximum(body[:, 1], body[:, 0] + 0.5 * world.model.contact_gap_um),
            affinity=_affinity(world),
            wall_strength=parameters.table(walls, cells.type) if has_walls else np.zeros((0, 2)),
            movable=_movable(world),
        )

    def walls(self, world: World) -> Floats:
        """Return (n, 7) the nearest wall of every cell, or (0, 7) where walls do nothing."""
        if not len(self.wall_strength):
            return np.zeros((0, 7))
        position = world.cells.position
        far, away = world.surroundings.walls(position)
        if not np.isfinite(far).any():
            return np.zeros((0, 7))
        walls = np.empty((len(far), 7))
        walls[:, 0], walls[:, 1:4], walls[:, 4:] = far, away, position
        return walls


def _affinity(world: World) -> Floats:
    """Return (n, types) square roots of affinities, or (0, types) where all are 1 or nothing adheres."""
    parameters, names = world.parameters, [f"affinity_{name}" for name in world.model.type_names]
    numbers = parameters.numbers(names)
    same = bool((parameters.by_type[:, numbers] == 1.0).all() and (parameters.column[numbers] < 0).all())
    if same or not parameters.is_used("adhesion_um_per_min"):
        return np.zeros((0, len(names)))
    return np.asarray(np.sqrt(parameters.table(names, world.cells.type)))


def _movable(world: World) -> NDArray[np.bool_]:
    """Return (n,) which cells forces move, or an empty array where they move all."""
    movable = world.parameters.values("movable", world.cells.type) > 0.5
    return np.zeros(0, np.bool_) if movable.all() else movable


@dataclass(frozen=True, eq=False)
class _Walk:
    """How every cell walks, gathered once a call.

    Attributes
    ----------
    table : the kernel's ``walk``, of length 0 where none walks.
    held_back : whether touched cells take speed from any.
    solutes : numbers of those whose gradients draw cells.
    drawn : (k,) rows of the cells they draw; only these ask for gradients.
    weights : (k, solutes) how strongly.
    """

    table: Floats
    held_back: bool
    solutes: tuple[int, ...]
    drawn: Integers
    weights: Floats

    @classmethod
    def of(cls, world: World) -> _Walk:
        parameters, cells = world.parameters, world.cells
        if not parameters.is_used("migration_speed_um_per_min"):
            return cls(np.zeros((0, 4)), False, (), _NO_ROWS, _NONE)
        names = ("migration_speed_um_per_min", "migration_persistence_min", "migration_bias", "contact_inhibition")
        table = parameters.table(names, cells.type)
        prepare_walk(table, cells.state == LIVING, world.model.steps.mechanics_min)
        held_back = parameters.is_used("contact_inhibition")
        attractants = [(i, f"chemotaxis_{name}") for i, name in enumerate(world.model.solutes)]
        attractants = [(i, name) for i, name in attractants if parameters.is_used(name)]
        if not attractants or not parameters.is_used("migration_bias"):
            return cls(table, held_back, (), _NO_ROWS, _NONE)
        weights = parameters.table([name for _, name in attractants], cells.type)
        drawn = np.flatnonzero((table[:, SPEED] > 0.0) & (table[:, WEIGHT] > 0.0) & weights.any(axis=1))
        return cls(table, held_back, tuple(i for i, _ in attractants), drawn, weights[drawn])

    def bias(self, world: World) -> Floats:
        """Return (n, 3) the direction of the weighted sum of the gradients' directions; (1, 3) zeros where there is none."""
        if not self.solutes:
            return _NOWHERE
        gradients = world.surroundings.gradients(world.cells.position[self.drawn])
        directions, out = np.empty((len(self.drawn), 3)), np.zeros_like(world.cells.position)
        bias_directions(np.ascontiguousarray(gradients[:, self.solutes]), self.weights, directions)
        out[self.drawn] = directions
        return out


def _carried(world: World) -> Floats:
    """Return (n, 3) the velocity the flow gives to cells in suspension, (0, 3) where every type is adherent."""
    floating = np.array([not one.adherent for one in world.model.types])
    if not floating.any():
        return _NONE
    return np.where(floating[world.cells.type][:, None], world.surroundings.velocity(world.cells.position), 0.0)


def update_pressure(world: World) -> None:
    """Set every cell's simple pressure from where its neighbours are now."""
    lists, cells = world.neighbours, world.cells
    pressures(cells.position, cells.radius, lists.start, lists.neighbour, _PRESSURE_SCALE, cells.pressure)


PROCESS = Mechanics()
