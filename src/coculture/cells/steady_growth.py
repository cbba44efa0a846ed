"""What the renewal equation says of a free population: its growth rate, its phases, the ages of its cells.

A cycle is read from the phase its daughters begin in to the phase that divides. With ``L_i(s) = E exp(−s T_i)`` of the stay in
phase i, ``r/(r + s)`` where it is exponential and ``exp(−s τ)`` where it is fixed, the growth rate λ of a population whose cells
die at the rate d obeys Euler and Lotka's equation ``2 ∏ L_i(λ + d) = 1`` (Lotka 1907, Am J Sci 24:199; for cells Powell 1956, J
Gen Microbiol 15:492). At steady growth the shares of the phases are as ``∏_{j<i} L_j (1 − L_i)``, with s = λ + d.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from coculture.cells.model import CellType, CycleModel, Phase
from coculture.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SteadyGrowth:
    """A free population at steady growth. Make one with :meth:`of`.

    Attributes
    ----------
    phases : places of the cycle's phases, from the one daughters begin in to the one that divides.
    stays : those phases.
    s_per_min : growth rate that the population would have without death.
    death_per_min : rate of death.
    """

    phases: tuple[int, ...]
    stays: tuple[Phase, ...]
    s_per_min: float
    death_per_min: float

    @classmethod
    def of(cls, cycle: CycleModel, death_per_min: float = 0.0) -> SteadyGrowth:
        """Return the steady growth of a cycle with a constant rate of death.

        Raises
        ------
        InputError : if the cycle does not have exactly one phase that divides, or death outruns every answer.
        """
        dividing = [place for place, phase in enumerate(cycle.phases) if phase.divides]
        if len(dividing) != 1:
            raise InputError(
                f"the cycle '{cycle.name}' has {len(dividing)} phases that divide", "cycle", "steady growth needs exactly one"
            )
        n = len(cycle.phases)
        order = tuple((dividing[0] + 1 + step) % n for step in range(n))
        stays = tuple(cycle.phases[place] for place in order)
        if any(math.isinf(one.mean_min) for one in stays):
            raise InputError(f"the cycle '{cycle.name}' has a phase that is never left", "cycle", "such cells do not grow")
        most = math.log(2.0) / max(one.mean_min for one in stays) * n + 1.0 / min(one.mean_min for one in stays)
        return cls(order, stays, float(brentq(lambda s: _log_halving(stays, s), 0.0, most, xtol=1e-16)), death_per_min)

    @property
    def rate_per_min(self) -> float:
        """Growth rate λ of the number of living cells."""
        return self.s_per_min - self.death_per_min

    @property
    def fractions(self) -> Floats:
        """(phases,) share of the living cells in each phase, in the order of the cycle's phases."""
        shares, reached = np.zeros(len(self.phases)), 1.0
        for place, stay in zip(self.phases, self.stays, strict=True):
            left = math.exp(_log_transform(stay, self.s_per_min))
            shares[place] = reached * (1.0 - left)
            reached *= left
        return np.asarray(shares / shares.sum())

    def ages(self, phase: int, uniform: Floats) -> Floats:
        """Return ages within a phase at steady growth, min, given (n,) numbers in [0, 1)."""
        stay, s = self.stays[self.phases.index(phase)], self.s_per_min
        if stay.fixed:
            return np.asarray(-np.log1p(uniform * np.expm1(-s * stay.mean_min)) / s)
        return np.asarray(-np.log1p(-uniform) / (s + 1.0 / stay.mean_min))

    def lengths(self, phase: int, uniform: Floats) -> Floats:
        """Return how long the cells of now took for a phase they have left, min, given (n,) numbers in [0, 1)."""
        stay = self.stays[self.phases.index(phase)]
        if stay.fixed:
            return np.full(len(uniform), stay.mean_min)
        return np.asarray(-np.log1p(-uniform) / (self.s_per_min + 1.0 / stay.mean_min))


def cycle_by_rates(one: CellType) -> CycleModel:
    """Return the cycle of a type with the base rates its behaviours say, where they say them; a rate of 0 is never left."""
    phases = []
    for place, phase in enumerate(one.cycle.phases):
        rate = one.behaviours.get(f"exit_phase_{place}_per_min")
        mean = phase.mean_min if rate is None else 1.0 / rate if rate > 0 else math.inf
        phases.append(dataclasses.replace(phase, mean_min=mean))
    return CycleModel(one.cycle.name, tuple(phases))


def _log_transform(stay: Phase, s: float) -> float:
    along = s * stay.mean_min
    return -along + 0.5 * (stay.spread * along) ** 2 if stay.fixed else -math.log1p(along)


def _log_halving(stays: tuple[Phase, ...], s: float) -> float:
    return math.log(2.0) + sum(_log_transform(stay, s) for stay in stays)
