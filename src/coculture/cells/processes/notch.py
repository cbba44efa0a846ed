"""Contact signalling of the Notch-Delta kind: lateral inhibition (Collier et al. 1996, J Theor Biol 183:429).

``dN/dt = μ (D̄ᵏ/(a + D̄ᵏ) − N)``, ``dD/dt = μ ν (1/(1 + b Nʰ) − D)``, D̄ the mean Delta of the living cells of the taking-part types
that a cell touches. A cell whose neighbours show much Delta makes Notch and little Delta itself: a sheet falls into a pattern in
which no two high-Delta cells touch. Integrated by the classical fourth-order rule, in substeps of a quarter of 1/μ at most.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.linking_levels import inhibit, mean_of_touched
from coculture.cells.links import NotchDelta, internal_columns, notch_of, takes_part
from coculture.cells.population import LIVING
from coculture.cells.process import World
from coculture.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Notch:
    """The process; see the module's head."""

    pace: str = "contact"

    def is_active(self, world: World) -> bool:
        """Tell whether the model has contact signalling with a rate."""
        link = notch_of(world.model)
        if link is None:
            return False
        internal_columns(world.model, (link.notch, link.delta), False, "notch")
        takes_part(world.model, link.types, "notch")
        if min(link.rate_per_min, link.delta_ratio, link.b) < 0 or min(link.a, link.k, link.h) <= 0:
            raise InputError("a constant is out of range", "notch", "rates and b are 0 or more; a, k and h are above 0")
        return link.rate_per_min > 0

    def go_on(self, world: World, minutes: float) -> None:
        """Let Notch and Delta go on in every cell."""
        link = notch_of(world.model)
        if link is None or not len(world.cells):
            return
        columns = internal_columns(world.model, (link.notch, link.delta), False, "notch")
        levels = np.ascontiguousarray(world.cells.internal[:, columns].T)
        fastest = link.rate_per_min * max(1.0, link.delta_ratio)
        substeps = max(1, math.ceil(minutes * fastest / 0.25))
        step = minutes / substeps * link.rate_per_min
        partner = np.array(takes_part(world.model, link.types, "notch"))[world.cells.type] & (world.cells.state == LIVING)
        for _ in range(substeps):
            first = _change(world, link, partner, levels)
            second = _change(world, link, partner, levels + 0.5 * step * first)
            third = _change(world, link, partner, levels + 0.5 * step * second)
            fourth = _change(world, link, partner, levels + step * third)
            levels += step / 6.0 * (first + 2.0 * second + 2.0 * third + fourth)
        world.cells.internal[:, columns] = levels.T


def _change(world: World, link: NotchDelta, partner: NDArray[np.bool_], levels: Floats) -> Floats:
    """Return (2, n) the rates of change of Notch and Delta over μ."""
    contacts, out, touched = world.contacts, np.empty_like(levels), np.empty(levels.shape[1])
    mean_of_touched(contacts.start, contacts.neighbour, partner, levels[1], touched)
    inhibit(partner, levels[0], levels[1], touched, link.delta_ratio, link.a, link.b, link.k, link.h, out[0], out[1])
    return out


PROCESS = Notch()
