"""Uptake into PDMS beside every column of a chip's grid, as a transport solver calls it.

A column of medium (depth over PDMS area high, well mixed) and the wall beside it are taken through each step together and
exactly, whatever the length of the step: the flux can never take more than is there. State is one small set of reservoirs a
column (:mod:`coculture.chip.materials.pdms.reservoirs`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.chip.materials.pdms.film_loss import loss_time_min
from coculture.chip.materials.pdms.kernels import exchange_columns
from coculture.chip.materials.pdms.reservoirs import film_propagator, wall_reservoirs
from coculture.chip.materials.pdms.wall import PdmsWall
from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]

_FASTEST = 1e-3  # of the time in which half is lost
_STEPS_KEPT = 4


class WallUptake:
    """Loss of one solute into the walls.

    Call :meth:`begin` once, then :meth:`step` for each time step. ``state`` is everything there is to save.
    """

    def __init__(self, wall: PdmsWall, depth_um: ArrayLike, contact: ArrayLike = 1.0, *, longest_min: float = 7 * 1440.0) -> None:
        """Prepare the wall.

        Parameters
        ----------
        wall : partition, diffusion and thickness.
        depth_um : depth of the medium, one number or (Y, X); 0 where there is none.
        contact : area of PDMS over area of floor, one number or (Y, X)
            (:func:`~coculture.chip.materials.pdms.contact.pdms_contact`).
        longest_min : how long the experiment lasts at most; only an infinitely thick wall needs to know.

        Raises
        ------
        InputError : if a depth or contact is negative or not finite, or ``longest_min`` is not above 0.
        """
        self.wall = wall
        self._depth = _require_field(depth_um, "depth_um")
        self._contact = _require_field(contact, "contact")
        require_number(longest_min, "longest_min", above=0)
        ratio = self._contact / np.where(self._depth > 0, self._depth, np.inf)
        shallowest = 1 / float(ratio.max()) if ratio.size and float(ratio.max()) > 0 else 1.0
        fastest = _FASTEST * min(loss_time_min(shallowest, wall), longest_min)
        self.reservoirs = wall_reservoirs(wall, fastest, longest_min)
        self._matrices: dict[float, Floats] = {}
        self._cells: NDArray[np.intp] | None = None

    def begin(self, shape: tuple[int, int]) -> None:
        """Start with clean walls on a grid of (Y, X) cells.

        Raises
        ------
        InputError : if the depth or contact does not fit the shape.
        """
        self._shape = (int(shape[0]), int(shape[1]))
        depth, contact = (self._spread(part, name) for part, name in ((self._depth, "depth_um"), (self._contact, "contact")))
        touched = (depth > 0) & (contact > 0) & (self.wall.partition > 0)
        self._cells = np.flatnonzero(touched)
        self._column_depth = depth.ravel()[self._cells]
        heights = self._column_depth / contact.ravel()[self._cells]
        self._heights, kind = np.unique(heights, return_inverse=True)
        self._kind = np.ascontiguousarray(kind.ravel(), np.int64)
        self._matrices.clear()
        self._held = np.zeros((len(self._cells), len(self.reservoirs.room_um)))

    def step(self, concentration: Floats, minutes: float) -> Floats:
        """Return the mean flux into the walls over the next ``minutes``, and move the walls on.

        Parameters
        ----------
        concentration : (Y, X) µM in the medium at the start of the step.
        minutes : length of the step.

        Returns
        -------
        (Y, X) µM·µm/min per area of floor, positive = lost from the medium; 0 where there is no PDMS. The medium's loss in
        concentration is flux × minutes / depth, at most what was there.

        Raises
        ------
        InputError : if :meth:`begin` was not called, the shape differs, or ``minutes`` is not above 0.
        """
        cells = self._begun()
        if np.shape(concentration) != self._shape:
            raise InputError(
                f"concentrations have shape {np.shape(concentration)}, the walls {self._shape}",
                "concentration",
                "call begin again",
            )
        length = require_number(minutes, "minutes", above=0)
        film = np.ascontiguousarray(np.asarray(concentration, np.float64).ravel()[cells])
        after = np.empty_like(film)
        exchange_columns(film, self._held, self._kind, self._propagators(length), after)
        flux = np.zeros(self._shape)
        flux.ravel()[cells] = (film - after) * self._column_depth / length
        return flux

    @property
    def held_um(self) -> Floats:
        """(Y, X) amount in the walls per area of floor, µM·µm."""
        amount = np.zeros(getattr(self, "_shape", (0, 0)))
        cells = self._begun()
        area = self._column_depth / self._heights[self._kind]
        amount.ravel()[cells] = (self._held @ self.reservoirs.room_um) * area
        return amount

    @property
    def state(self) -> Floats:
        """(columns, reservoirs) concentrations, the whole of what the walls remember; set it to go on from there."""
        self._begun()
        return self._held.copy()

    @state.setter
    def state(self, value: Floats) -> None:
        self._begun()
        if np.shape(value) != self._held.shape:
            raise InputError(
                f"a state of shape {np.shape(value)} does not fit walls of {self._held.shape}",
                "state",
                "give the state of the same chip, solute and wall",
            )
        self._held = np.array(value, np.float64, order="C")

    def _begun(self) -> NDArray[np.intp]:
        if self._cells is None:
            raise InputError("the walls have no grid yet", "WallUptake", "call begin((rows, columns)) first")
        return self._cells

    def _spread(self, part: Floats, name: str) -> Floats:
        if part.ndim and part.shape != self._shape:
            raise InputError(f"shape {part.shape} does not fit a grid of {self._shape}", name, "give one number or one a cell")
        return np.broadcast_to(part, self._shape)

    def _propagators(self, minutes: float) -> Floats:
        """Return the matrices of every height for a step of this length; the last few lengths are kept."""
        if minutes not in self._matrices:
            if len(self._matrices) >= _STEPS_KEPT:
                del self._matrices[next(iter(self._matrices))]
            size = len(self.reservoirs.room_um) + 1
            made = [film_propagator(self.reservoirs, float(height), minutes) for height in self._heights]
            self._matrices[minutes] = np.array(made).reshape(-1, size, size)
        return self._matrices[minutes]


def _require_field(value: ArrayLike, where: str) -> Floats:
    numbers = np.asarray(value, np.float64)
    if not bool(np.isfinite(numbers).all()) or bool((numbers < 0).any()) or numbers.ndim not in (0, 2):
        raise InputError("must be one number or a (Y, X) field, finite and not negative", where, "use 0 where there is none")
    return numbers
