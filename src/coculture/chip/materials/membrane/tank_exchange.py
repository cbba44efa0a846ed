"""Exchange between the columns of a chip under a membrane and the tank behind it, as a transport solver calls it.

Over a step the columns (depth h, each well mixed) and the tank are taken along exactly: differences between columns decay as
``e^{−P t/h}``, their mean and the tank as two compartments. What leaves the columns enters the tank, to rounding.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.chip.grid import ChipGrid
from coculture.chip.materials.membrane.two_compartments import TwoCompartments
from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]


class TankExchange:
    """A membrane and its tank, for one solute.

    Call :meth:`begin` once, then :meth:`step` for each time step. ``state`` is the tank's concentration, µM.
    """

    def __init__(self, grid: ChipGrid, membrane: str, permeability_um_per_min: float, tank_um: float = 0.0) -> None:
        """Prepare the exchange.

        Parameters
        ----------
        grid : the chip.
        membrane : name of the membrane in the chip's design.
        permeability_um_per_min : P (:func:`~coculture.chip.materials.membrane.permeability.membrane_permeability`).
        tank_um : concentration in the tank at the start, µM.

        Raises
        ------
        InputError : if there is no such membrane, it covers nothing or places of different depth, or a number is out of range.
        """
        found = {one.name: one for one in grid.membranes}
        if membrane not in found:
            raise InputError(f"there is no membrane '{membrane}'", "membrane", "use one of: " + (", ".join(found) or "(none)"))
        self.permeability = require_number(permeability_um_per_min, "permeability_um_per_min", above=0)
        self._start = require_number(tank_um, "tank_um", least=0)
        cover = grid.in_region(found[membrane].region) & grid.open
        depths = grid.depth_um[cover]
        if not depths.size or float(np.ptp(depths)) > 1e-9 * float(depths.max()):
            raise InputError(
                f"the membrane '{membrane}' covers " + ("places of different depth" if depths.size else "no open cell"),
                "membrane",
                "let its region lie on medium of one depth; split it in two if needed",
            )
        self._cover, self._depth = cover, float(depths[0])
        area = depths.size * grid.pitch_um**2
        self._pair = TwoCompartments(area * self._depth, found[membrane].tank_volume_um3, self.permeability * area)
        self.state = self._start

    def begin(self, shape: tuple[int, int]) -> None:
        """Start with the tank as given; InputError if the shape is not the chip's."""
        if tuple(shape) != self._cover.shape:
            raise InputError(f"a grid of {tuple(shape)} is not the chip's {self._cover.shape}", "shape", "use the chip's grid")
        self.state = self._start

    def step(self, concentration: Floats, minutes: float) -> Floats:
        """Return the mean flux through the membrane over the next ``minutes``, and move the tank on.

        Parameters
        ----------
        concentration : (Y, X) µM in the medium at the start of the step.
        minutes : length of the step.

        Returns
        -------
        (Y, X) µM·µm/min, positive = lost from the medium to the tank; 0 beside the membrane.

        Raises
        ------
        InputError : if the shape differs or ``minutes`` is not above 0.
        """
        if np.shape(concentration) != self._cover.shape:
            raise InputError(
                f"concentrations have shape {np.shape(concentration)}, the chip {self._cover.shape}",
                "concentration",
                "use the chip's grid",
            )
        length = require_number(minutes, "minutes", above=0)
        before = np.asarray(concentration, np.float64)[self._cover]
        mean = float(before.mean())
        channel, tank = self._pair.concentrations(length, channel=mean, tank=self.state)
        after = float(channel) + (before - mean) * np.exp(-self.permeability * length / self._depth)
        flux = np.zeros(self._cover.shape)
        flux[self._cover] = (before - after) * self._depth / length
        self.state = float(tank)
        return flux
