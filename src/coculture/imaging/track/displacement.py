r"""How far a cell moves between frames, learned from the film itself.

The step of a cell is a mixture of isotropic two-dimensional normal laws,

.. math:: f(r) = \sum_k w_k \frac{1}{2\pi\sigma_k^2} e^{-r^2 / 2\sigma_k^2},

(cells that rest, wander and jump), fitted by expectation maximisation (Dempster et al. 1977) to the distances of mutual nearest
neighbours in consecutive frames. Two more components keep mistakes out of the fit: *strangers*, pairs whose true partner was
not detected, lie as far apart as nearest neighbours *within* a frame do; and *daughters* of a division of which one was not
seen lie at a typical distance from the mother. No radius is given; the search radius follows from the fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ROUNDS = 200
_MOST_SAMPLES = 4_000
_SMOOTHING = 0.15
_ONE_EACH = np.array([1.0, 1.0, 1.0, 1.0, 0.0])


@dataclass(frozen=True)
class Ring:
    """Distance of a daughter from where its mother was: log-normal in r.

    Attributes
    ----------
    distance : median, µm.
    spread : standard deviation of the natural logarithm.
    """

    distance: float
    spread: float

    def log_density(self, r: Floats) -> Floats:
        """Return the natural logarithm of the density per µm² at distance ``r``."""
        safe = np.maximum(r, 1e-9)
        miss = np.log(safe / self.distance) / self.spread
        return np.asarray(-0.5 * miss**2 - np.log(self.spread * np.sqrt(2 * np.pi) * safe) - np.log(2 * np.pi * safe))


@dataclass(frozen=True, eq=False)
class StepLaw:
    """The mixture.

    Attributes
    ----------
    scales : (k,) standard deviations along one axis, µm, ascending.
    weights : (k,), sum 1.
    strangers : fraction of the fitted pairs taken for strangers.
    daughters : fraction taken for daughters.
    """

    scales: Floats
    weights: Floats
    freedom: Floats
    strangers: float = 0.0
    daughters: float = 0.0

    @property
    def widest(self) -> float:
        """Scale of the widest component, µm."""
        return float(self.scales[-1])

    def log_density(self, r: Floats) -> Floats:
        """Return the natural logarithm of the density per µm² at distance ``r``."""
        squared = (r[..., None] / self.scales) ** 2
        bend = -(0.5 * self.freedom + 1) * np.log1p(squared / self.freedom)
        terms = np.log(self.weights) + bend - np.log(2 * np.pi * self.scales**2)
        top = terms.max(axis=-1)
        return np.asarray(top + np.log(np.exp(terms - top[..., None]).sum(axis=-1)))

    def reach(self, log_bound: float) -> float:
        """Return the largest distance at which the log-density is above ``log_bound`` (0 where it never is), µm."""
        r = np.linspace(0, 12 * self.widest, 4001)
        above = np.flatnonzero(self.log_density(r) > log_bound)
        return float(r[above[-1]]) if above.size else 0.0


def single_law(radius: float) -> StepLaw:
    """Return the law to use where there is too little to learn from: nearly all steps within ``radius``."""
    return StepLaw(np.array([radius / 3.0]), np.array([1.0]), np.array([1e9]))


def fit_steps(r: Floats, within: Floats, ring: Ring | None = None, most_daughters: float = 0.0) -> StepLaw:
    """Fit the mixture.

    Parameters
    ----------
    r : (n,) distances of mutual nearest neighbours in consecutive frames, µm.
    within : (m,) distances of nearest neighbours within frames, µm.
    ring : where daughters are; None before divisions were looked for.
    most_daughters : upper bound of the daughters' fraction.
    """
    known = len(r)
    r = _thinned(np.sort(r))
    outside = np.column_stack(
        [_stranger_density(r, within), np.exp(ring.log_density(r)) if ring is not None else np.zeros(len(r))]
    )
    half, most, tail = np.quantile(r, [0.5, 0.75, 0.95]) / np.sqrt(-2 * np.log([0.5, 0.25, 0.05]))
    floor = max(tail / 10, 1e-9)
    scales = np.maximum.accumulate(np.maximum([0.6 * half, 1.05 * most, 1.43 * tail], floor))
    weights = np.array([0.4, 0.35, 0.2, 0.05, most_daughters])
    squared = r * r
    for _ in range(_ROUNDS):
        density = np.exp(-0.5 * squared[:, None] / scales**2) / (2 * np.pi * scales**2)
        share = weights * np.column_stack([density, outside])
        share /= np.maximum(share.sum(axis=1, keepdims=True), 1e-300)
        mass = share.sum(axis=0)
        weights = (mass + _ONE_EACH) / (len(r) + 4)
        weights[4] = min(weights[4], most_daughters)
        fresh = np.maximum(np.sqrt((squared @ share[:, :3] + 1e-12) / (2 * mass[:3] + 1e-9)), floor)
        settled = bool(np.all(np.abs(fresh - scales) < 1e-4 * scales))
        scales = fresh
        if settled:
            break
    order = np.argsort(scales, kind="stable")
    freedom = 2 * known * weights[:3][order]
    return StepLaw(scales[order], weights[:3][order] / weights[:3].sum(), freedom, float(weights[3]), float(weights[4]))


def _stranger_density(r: Floats, within: Floats) -> Floats:
    """Density per µm² of distances that are spread like ``within``, by a kernel estimate of their logarithm."""
    logs = np.log(_thinned(np.sort(within[within > 0]), 1000))
    grid = np.linspace(logs.min() - 1, logs.max() + 1, 400)
    kernel = np.exp(-0.5 * ((grid[:, None] - logs) / _SMOOTHING) ** 2) / (_SMOOTHING * np.sqrt(2 * np.pi))
    safe = np.maximum(r, 1e-9)
    return np.asarray(np.interp(np.log(safe), grid, kernel.mean(axis=1), left=0, right=0) / (2 * np.pi * safe**2))


def _thinned(ascending: Floats, most: int = _MOST_SAMPLES) -> Floats:
    """Return at most ``most`` values, evenly along their ranks."""
    if len(ascending) <= most:
        return ascending
    return np.asarray(ascending[np.linspace(0, len(ascending) - 1, most).round().astype(int)])
