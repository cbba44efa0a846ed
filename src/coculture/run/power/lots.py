"""How sure a power is, given that each lot of screens came from a pilot of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from coculture.run.power.binomial import exact_interval

_ALL_OR_NOTHING = 0.999
"""Correlation within lots from which a lot is taken to find all or nothing."""


def lots_interval(found: NDArray[np.int64], each: int, confidence: float = 0.95, cautious: bool = True) -> tuple[float, float]:
    """Return where the power may lie that screens of another such pilot have.

    The share of a lot is p_i = k_i/n, with the power P_i under the lot's own pilot; P_i is taken to follow a Beta law of
    mean p and variance ρ p (1 − p). With S = Σ(p_i − p)²/N and w = 1 − 1/N, moments give (Kleinman 1973, J Am Stat Assoc
    68:46, for equal lots)

    ρ = (S / (p (1 − p)) − w/n) / (w − w/n), at least 0.

    Few small lots say little of ρ; where ``cautious``, its standard error is added (Donner 1986, Int Stat Rev 54:67):
    √(2 / (n (n − 1) (N − 1))) (1 − ρ) (1 + (n − 1) ρ). That p is itself counted adds (1 + (n − 1) ρ)/(N n). The interval
    is the middle of Beta(p (1/ρ − 1), (1 − p) (1/ρ − 1)), and nowhere narrower than the exact binomial one; it is that one
    where all lots found the same and, without caution, where they differ by no more than chance.

    Parameters
    ----------
    found : screens that found it, one number a lot, shape (N,).
    each : screens of a lot, n.
    confidence : between 0 and 1.
    cautious : whether ρ is taken one standard error larger than estimated.

    Raises
    ------
    ValueError : if nothing was tried, or more found than tried.
    """
    lots, total = len(found), int(np.sum(found))
    low, high = exact_interval(total, lots * each, confidence)
    if each < 2 or np.ptp(found) == 0:
        return low, high
    share = total / (lots * each)
    spread = float(np.mean((np.asarray(found) / each - share) ** 2)) / (share * (1.0 - share))
    within = _correlation(spread, lots, each, cautious)
    if within <= 0.0:
        return low, high
    within += (1.0 + (each - 1) * within) / (lots * each)
    if within >= _ALL_OR_NOTHING:
        return 0.0, 1.0
    tail, strength = (1.0 - confidence) / 2.0, 1.0 / within - 1.0
    first, second = share * strength, (1.0 - share) * strength
    least, most = (float(special.betaincinv(first, second, at)) for at in (tail, 1.0 - tail))
    return min(low, least), max(high, most)


def _correlation(spread: float, lots: int, each: int, cautious: bool) -> float:
    """Return the correlation of screens within a lot, from the spread of lots as a multiple of p (1 − p)."""
    weight = 1.0 - 1.0 / lots
    within = min(max((spread - weight / each) / (weight - weight / each), 0.0), 1.0)
    if cautious:
        within += np.sqrt(2.0 / (each * (each - 1) * (lots - 1))) * (1.0 - within) * (1.0 + (each - 1) * within)
    return float(within)
