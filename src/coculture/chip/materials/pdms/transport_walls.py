"""PDMS as the walls' law of :class:`coculture.chip.transport.transport.Transport`, for any number of solutes.

Over a step of length t with the mean concentration c beside it, reservoir j of the wall (see
:mod:`coculture.chip.materials.pdms.reservoirs`) takes ``m_j (1 − e^{−p_j t}) (c − y_j)``: the flux per area of wall is
``uptake c − release`` with both numbers known before the step, so that transport can take it implicitly and the wall then
keeps exactly what left the medium. The concentration is taken as steady over one step: keep
``TransportSettings.longest_step_min`` below the time in which the loss is to be followed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from coculture.chip.materials.pdms.film_loss import loss_time_min
from coculture.chip.materials.pdms.reservoirs import Reservoirs, wall_reservoirs
from coculture.chip.materials.pdms.wall import PdmsWall
from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]

_FASTEST = 1e-3
_FULL = 1e6


class PdmsWalls:
    """Walls of PDMS with a memory, one wall a solute.

    Attributes
    ----------
    reservoirs : by name of the solute, the wall as reservoirs.
    """

    def __init__(self, walls: Mapping[str, PdmsWall], *, shallowest_um: float, longest_min: float = 7 * 1440.0) -> None:
        """Prepare the walls.

        Parameters
        ----------
        walls : by name of the solute; one not named, or with partition 0, is not taken up.
        shallowest_um : least volume of medium per area of PDMS on the chip; it sets the shortest time that matters.
        longest_min : how long the experiment lasts at most; only an infinitely thick wall needs to know.

        Raises
        ------
        InputError : if a number is not above 0.
        """
        require_number(shallowest_um, "shallowest_um", above=0)
        require_number(longest_min, "longest_min", above=0)
        self.reservoirs: dict[str, Reservoirs] = {}
        for solute, wall in walls.items():
            if wall.partition > 0:
                fastest = _FASTEST * min(loss_time_min(shallowest_um, wall), longest_min)
                self.reservoirs[solute] = wall_reservoirs(wall, fastest, longest_min)
        self._held: dict[str, Floats] = {}

    def exchange(self, solute: str, time_min: float, step_min: float) -> tuple[Floats | float, Floats | float]:
        """Return uptake, µm/min, and release, µM·µm/min, over the next step.

        A wall asked about for ever is full and takes nothing.
        """
        if solute not in self.reservoirs:
            return 0.0, 0.0
        wall = self.reservoirs[solute]
        if step_min * float(wall.rate_per_min.min()) > _FULL:
            return 0.0, 0.0
        taking = wall.room_um * -np.expm1(-wall.rate_per_min * step_min) / step_min
        held = self._held.get(solute)
        return float(taking.sum()), 0.0 if held is None else np.asarray(held @ taking)

    def absorb(self, solute: str, time_min: float, step_min: float, mean_um: Floats) -> None:
        """Move the walls on by a step that was taken with the mean concentrations (n,) ``mean_um``, µM."""
        if solute not in self.reservoirs:
            return
        wall = self.reservoirs[solute]
        if solute not in self._held:
            self._held[solute] = np.zeros((len(mean_um), len(wall.room_um)))
        held = self._held[solute]
        held += -np.expm1(-wall.rate_per_min * step_min) * (mean_um[:, None] - held)

    def held_um(self, solute: str) -> Floats:
        """Return (n,) what the walls hold of a solute per area of PDMS, µM·µm, by open cell; empty before the first step.

        Raises
        ------
        InputError : if the solute has no wall.
        """
        if solute not in self.reservoirs:
            raise InputError(
                f"there is no wall for '{solute}'", "solute", "walls are for: " + (", ".join(self.reservoirs) or "none")
            )
        held = self._held.get(solute)
        return np.zeros(0) if held is None else np.asarray(held @ self.reservoirs[solute].room_um)

    def memory(self) -> dict[str, Floats]:
        """Return everything the walls remember, by solute: (n, reservoirs) concentrations."""
        return {solute: held.copy() for solute, held in self._held.items()}

    def remember(self, memory: dict[str, Floats]) -> None:
        """Take back what :meth:`memory` gave.

        Raises
        ------
        InputError : if it is of other solutes or another wall.
        """
        for solute, held in memory.items():
            width = len(self.reservoirs[solute].room_um) if solute in self.reservoirs else 0
            if np.ndim(held) != 2 or np.shape(held)[1] != width:
                raise InputError(
                    f"what the walls remember of '{solute}' has shape {np.shape(held)}, this wall has {width} reservoirs",
                    "memory",
                    "restore it with the walls it was saved from",
                )
        self._held = {solute: np.array(held, np.float64, order="C") for solute, held in memory.items()}
