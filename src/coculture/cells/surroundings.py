"""What a cell sees of the world around it. The virtual chip, a box of medium or a test fills this small interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Exchange:
    """What cells give to and take from the medium; (n, solutes) each, in the order of the model's solutes.

    A cell of volume V changes the amount in its place as ``secretion·V·(target − c) − uptake·V·c + export``.
    """

    secretion_per_min: Floats
    target_um: Floats
    uptake_per_min: Floats
    export_per_min: Floats
    volume_um3: Floats


class Surroundings(Protocol):
    """The world around the cells. Positions are (n, 3) µm."""

    @property
    def exchange_step_min(self) -> float:
        """Time between two calls of :meth:`advance`; a multiple of the mechanics step."""
        ...

    def concentrations(self, position: Floats) -> Floats:
        """Return (n, solutes) concentrations at the cells, µM."""
        ...

    def gradients(self, position: Floats) -> Floats:
        """Return (n, solutes, 3) gradients at the cells, µM/µm."""
        ...

    def velocity(self, position: Floats) -> Floats:
        """Return (n, 3) velocity of the medium, µm/min."""
        ...

    def shear(self, position: Floats) -> Floats:
        """Return (n,) shear stress at the floor, Pa."""
        ...

    def walls(self, position: Floats) -> tuple[Floats, Floats]:
        """Return (n,) the distance to the nearest wall, µm (infinite without walls), and (n, 3) the unit vector away from it."""
        ...

    def inside(self, position: Floats) -> Floats:
        """Return (n, 3) the positions moved to the nearest place a centre may have."""
        ...

    def advance(self, minutes: float, position: Floats, exchange: Exchange | None) -> Floats:
        """Let the medium go on; return (n, solutes) the amounts the cells gained (negative: gave off), µM·µm³."""
        ...


@dataclass(frozen=True, eq=False)
class Still:
    """An endless, still, well-stirred world with fixed concentrations; the simplest surroundings.

    Attributes
    ----------
    concentration_um : (solutes,) µM.
    gradient_um_per_um : (solutes, 3) µM/µm.
    exchange_step_min : see :class:`Surroundings`.
    """

    concentration_um: Floats
    gradient_um_per_um: Floats
    exchange_step_min: float = 6.0

    @classmethod
    def empty(cls) -> Still:
        """Return a world without solutes."""
        return cls(np.zeros(0), np.zeros((0, 3)))

    def concentrations(self, position: Floats) -> Floats:
        """Return the fixed concentrations."""
        return np.broadcast_to(self.concentration_um, (len(position), len(self.concentration_um))).copy()

    def gradients(self, position: Floats) -> Floats:
        """Return the fixed gradients."""
        return np.broadcast_to(self.gradient_um_per_um, (len(position), *self.gradient_um_per_um.shape)).copy()

    def velocity(self, position: Floats) -> Floats:
        """Return no velocity."""
        return np.zeros_like(position)

    def shear(self, position: Floats) -> Floats:
        """Return no shear."""
        return np.zeros(len(position))

    def walls(self, position: Floats) -> tuple[Floats, Floats]:
        """Return no walls."""
        return np.full(len(position), np.inf), np.zeros_like(position)

    def inside(self, position: Floats) -> Floats:
        """Return the positions: every place is allowed."""
        return position

    def advance(self, minutes: float, position: Floats, exchange: Exchange | None) -> Floats:
        """Return what the cells gain from a medium that never changes."""
        if exchange is None:
            return np.zeros((len(position), len(self.concentration_um)))
        here = self.concentration_um
        volume = exchange.volume_um3[:, None]
        given = exchange.secretion_per_min * volume * (exchange.target_um - here) + exchange.export_per_min
        return np.asarray(minutes * (exchange.uptake_per_min * volume * here - given))


@runtime_checkable
class Lasting(Protocol):
    """Surroundings whose state is saved with the culture. Those without it are taken to be the same at any time."""

    def state(self) -> dict[str, NDArray[Any]]:
        """Return all that changes in the course of time, at least one array."""
        ...

    def take_state(self, state: dict[str, NDArray[Any]]) -> None:
        """Go on from what :meth:`state` once returned."""
        ...
