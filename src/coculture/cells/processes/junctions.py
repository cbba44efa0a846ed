"""Exchange through junctions between touching cells: diffusion of what is kept inside them.

An amount n in a cell of volume V flows as ``dnᵢ/dt = Σⱼ P Aᵢⱼ (nⱼ/Vⱼ − nᵢ/Vᵢ)`` over the living cells it touches; A is the area
in which the two, as spheres half the contact gap larger, cut each other. Both sides of a pair compute the same flow, so the sum
over cells is conserved. Integrated by the classical fourth-order rule in substeps short beside the fastest exchange (error
below 1e-6).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.linking_levels import contact_areas, fastest, junction_flow
from coculture.cells.links import Junction, internal_columns, junctions_of, takes_part
from coculture.cells.population import LIVING
from coculture.cells.process import World
from coculture.errors import InputError

Floats = NDArray[np.float64]
_LONGEST = 0.1
"""Length of a substep, in units of the fastest cell's time of exchange."""


@dataclass(frozen=True)
class Junctions:
    """The process; see the module's head."""

    pace: str = "contact"

    def is_active(self, world: World) -> bool:
        """Tell whether anything passes."""
        for one in junctions_of(world.model):
            where = f"junction for '{one.internal}'"
            internal_columns(world.model, (one.internal,), True, where)
            takes_part(world.model, one.types, where)
            if one.permeability_um_per_min < 0:
                raise InputError("its permeability is negative", where, "give a permeability of 0 or more")
        return any(one.permeability_um_per_min > 0 for one in junctions_of(world.model))

    def go_on(self, world: World, minutes: float) -> None:
        """Let everything that can pass through junctions."""
        for one in junctions_of(world.model):
            if one.permeability_um_per_min > 0 and len(world.cells):
                _pass(world, one, minutes)


def _pass(world: World, junction: Junction, minutes: float) -> None:
    cells, contacts = world.cells, world.contacts
    partner = np.array(takes_part(world.model, junction.types, junction.internal))[cells.type] & (cells.state == LIVING)
    conductance = np.empty(len(contacts.neighbour))
    gap = world.model.contact_gap_um
    contact_areas(cells.position, cells.radius, gap, contacts.start, contacts.neighbour, partner, conductance)
    conductance *= junction.permeability_um_per_min
    volume, column = cells.volume, world.model.internal.index(junction.internal)
    amount = cells.internal[:, column].copy()
    substeps = max(1, math.ceil(minutes * fastest(contacts.start, conductance, volume) / _LONGEST))
    step = minutes / substeps

    def flow(now: Floats) -> Floats:
        out = np.empty(len(now))
        junction_flow(contacts.start, contacts.neighbour, conductance, now / volume, out)
        return out

    for _ in range(substeps):
        first = flow(amount)
        second = flow(amount + 0.5 * step * first)
        third = flow(amount + 0.5 * step * second)
        fourth = flow(amount + step * third)
        amount += step / 6.0 * (first + 2.0 * second + 2.0 * third + fourth)
    cells.internal[:, column] = amount


PROCESS = Junctions()
