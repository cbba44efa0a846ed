"""Loss of solute into the material of the walls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class WallUptake(Protocol):
    """A law of uptake by wall material, linear over one step.

    During a step the flux into the wall is ``uptake c - release`` per area of wall; a law with a memory (diffusion into
    a thick wall) gives both from what it has seen, and is told the mean concentration once the step stands.
    """

    def exchange(self, solute: str, time_min: float, step_min: float) -> tuple[Floats | float, Floats | float]:
        """Return uptake, µm/min, and release, µM·µm/min, over the next step: numbers, or (n,) one an open cell; both >= 0."""

    def absorb(self, solute: str, time_min: float, step_min: float, mean_um: Floats) -> None:
        """Remember a step that was taken with the mean concentrations (n,) ``mean_um``, µM."""

    def memory(self) -> dict[str, NDArray[np.float64]]:
        """Return everything the law remembers, by name."""

    def remember(self, memory: dict[str, NDArray[np.float64]]) -> None:
        """Take back what :meth:`memory` gave."""


@dataclass
class FirstOrderWall:
    """A wall that takes up in proportion to the concentration and gives nothing back.

    Attributes
    ----------
    uptake_um_per_min : by name of the solute; a solute not named is not taken up.
    """

    uptake_um_per_min: dict[str, float] = field(default_factory=dict)

    def exchange(self, solute: str, time_min: float, step_min: float) -> tuple[Floats | float, Floats | float]:
        """Return the constant uptake, and no release."""
        return self.uptake_um_per_min.get(solute, 0.0), 0.0

    def absorb(self, solute: str, time_min: float, step_min: float, mean_um: Floats) -> None:
        """Remember nothing."""

    def memory(self) -> dict[str, NDArray[np.float64]]:
        """Return nothing: there is no memory."""
        return {}

    def remember(self, memory: dict[str, NDArray[np.float64]]) -> None:
        """Take nothing back."""
