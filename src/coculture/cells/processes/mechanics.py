"""Mechanics and migration: cells push, pull and walk.

The velocity of a cell is the sum of what its neighbours, the walls, its own migration and (for a cell in suspension) the flow
give it; inertia plays no part at this scale. A pair at distance d parts at ``√(k_i k_j) (1 − d/R)² − √(a_i a_j A_ij A_ji)
(1 − d/R_A)²`` with R the sum of the radii, R_A that of the reaches, k repulsion, a adhesion and A affinities, each term inside
its own distance only (Macklin et al. 2012, J Theor Biol 301:122; Ghaffarizadeh et al. 2018, PLoS Comput Biol 14:e1005991).
Positions follow by the second-order Adams-Bashforth rule.

Migration: a cell goes straight at its speed and chooses a new direction at the rate 1/persistence; the direction is a mix of
chance and of the bias, the weighted sum of the gradients' directions. Without bias the mean squared displacement is Fürth's,
with D = S² P/n in n dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.moving import add_walls, hold_back, integrate, pressures, turn_headings, velocities
from coculture.cells.neighbour_lists import NeighbourLists
from coculture.cells.population import LIVING
from coculture.cells.process import World

Floats = NDArray[np.float64]

MARGIN_SHARE = 0.15
"""Margin of the neighbour lists, as a share of their cutoff."""

LISTS = "neighbour lists"
_PRESSURE_SCALE = 6 * (1 - np.sqrt(np.pi / (2 * np.sqrt(3)))) ** 2
"""Sum of squared overlaps of a disc in a hexagonal packing that keeps its area: the pressure that counts as 1."""


@dataclass(frozen=True)
class Mechanics:
    """The process; see the module's head."""

    pace: str = "mechanics"

    def is_active(self, world: World) -> bool:
        """Tell whether anything can move."""
        names = ("repulsion_um_per_min", "adhesion_um_per_min", "migration_speed_um_per_min", "wall_repulsion_um_per_min")
        carried = any(not one.adherent for one in world.model.types)
        return carried or any(world.parameters.is_used(name) for name in names)

    def go_on(self, world: World, minutes: float) -> None:
        """Move every cell for ``minutes``, in steps of the mechanics clock."""
        cells = world.cells
        if not len(cells):
            return
        step_min = world.model.steps.mechanics_min
        forces = _Forces.of(world)
        walk = _Walk.of(world)
        far, away = world.surroundings.walls(cells.position)
        carried = _carried(world)
        origin, now, walking = cells.position.copy(), np.zeros_like(cells.position), np.zeros_like(cells.position)
        flat = world.model.dimensions == 2
        lists = forces.lists(world)
        for number in range(round(minutes / step_min)):
            velocities(
                cells.position, cells.radius, cells.type, lists.start, lists.neighbour,
                forces.repulsion, forces.adhesion, forces.reach, forces.affinity, flat, now,
            )  # fmt: skip
            if forces.has_walls(far):
                add_walls(
                    cells.position, cells.radius, far, away, origin,
                    forces.wall_repulsion, forces.wall_adhesion, forces.reach, now,
                )  # fmt: skip
            if walk is not None:
                turn_headings(
                    world.key, world.step + number, step_min, flat, cells.cell_id,
                    walk.speed, walk.persistence, walk.bias, walk.weight, cells.heading,
                )  # fmt: skip
                np.multiply(cells.heading, walk.speed[:, None], out=walking)
                if walk.inhibited is not None:
                    hold_back(cells.position, cells.radius, lists.start, lists.neighbour, walk.inhibited, walking)
                now += walking
            if carried is not None:
                now += carried
            if world.step + number == 0:
                cells.velocity[:] = now  # nothing went before: the first step is Euler's
            furthest = integrate(cells.position, now, cells.velocity, forces.movable, step_min, lists.marked)
            if furthest >= (lists.margin / 2) ** 2:
                lists = forces.lists(world)
        cells.position[:] = world.surroundings.inside(cells.position)


@dataclass(eq=False)
class _Forces:
    """Strengths of every cell, gathered once a call."""

    repulsion: Floats
    adhesion: Floats
    reach: Floats
    affinity: Floats
    wall_repulsion: Floats
    wall_adhesion: Floats
    movable: NDArray[np.bool_]

    @classmethod
    def of(cls, world: World) -> _Forces:
        cells, values = world.cells, world.parameters.values
        affinity = np.column_stack([values(f"affinity_{name}", cells.type) for name in world.model.type_names])
        return cls(
            np.sqrt(values("repulsion_um_per_min", cells.type)),
            np.sqrt(values("adhesion_um_per_min", cells.type)),
            values("adhesion_reach", cells.type) * cells.radius,
            np.ascontiguousarray(np.sqrt(affinity)),
            np.ascontiguousarray(values("wall_repulsion_um_per_min", cells.type)),
            np.ascontiguousarray(values("wall_adhesion_um_per_min", cells.type)),
            values("movable", cells.type) > 0.5,
        )

    def has_walls(self, far: Floats) -> bool:
        return bool(np.isfinite(far).any() and (self.wall_repulsion.any() or self.wall_adhesion.any()))

    def lists(self, world: World) -> NeighbourLists:
        """Return lists that hold, made anew where they do not."""
        cells = world.cells
        cutoff = 2.0 * float(max(self.reach.max(), cells.radius.max()))
        kept = world.kept.get(LISTS)
        if isinstance(kept, NeighbourLists) and kept.still_holds(cells.position, cells.cell_id, cutoff):
            return kept
        made = NeighbourLists.build(cells.position, cells.cell_id, cutoff, MARGIN_SHARE * cutoff, world.model.dimensions)
        world.kept[LISTS] = made
        return made


@dataclass(eq=False)
class _Walk:
    """How every cell walks, gathered once a call."""

    speed: Floats
    persistence: Floats
    bias: Floats
    weight: Floats
    inhibited: Floats | None

    @classmethod
    def of(cls, world: World) -> _Walk | None:
        if not world.parameters.is_used("migration_speed_um_per_min"):
            return None
        cells, values = world.cells, world.parameters.values
        speed = np.where(cells.state == LIVING, values("migration_speed_um_per_min", cells.type), 0.0)
        inhibited = values("contact_inhibition", cells.type) if world.parameters.is_used("contact_inhibition") else None
        weight = np.ascontiguousarray(values("migration_bias", cells.type))
        persistence = np.ascontiguousarray(values("migration_persistence_min", cells.type))
        return cls(speed, persistence, _bias(world), weight, None if inhibited is None else np.ascontiguousarray(inhibited))


def _bias(world: World) -> Floats:
    """Return (n, 3) the direction of the weighted sum of the gradients' directions; 0 where there is none."""
    cells, total = world.cells, np.zeros_like(world.cells.position)
    used = [(i, f"chemotaxis_{name}") for i, name in enumerate(world.model.solutes)]
    used = [(i, name) for i, name in used if world.parameters.is_used(name)]
    if not used or not world.parameters.is_used("migration_bias"):
        return total
    gradients = world.surroundings.gradients(cells.position)
    for solute, name in used:
        total += world.parameters.values(name, cells.type)[:, None] * _unit(gradients[:, solute])
    return _unit(total)


def _unit(vectors: Floats) -> Floats:
    length = np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    return np.asarray(np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0))


def _carried(world: World) -> Floats | None:
    """Return the velocity the flow gives to cells in suspension, None where every type is adherent."""
    floating = np.array([not one.adherent for one in world.model.types])
    if not floating.any():
        return None
    return np.where(floating[world.cells.type][:, None], world.surroundings.velocity(world.cells.position), 0.0)


def update_pressure(world: World) -> None:
    """Set every cell's simple pressure from the present neighbour lists."""
    lists = _Forces.of(world).lists(world)
    cells = world.cells
    pressures(cells.position, cells.radius, lists.start, lists.neighbour, _PRESSURE_SCALE, cells.pressure)


PROCESS = Mechanics()
