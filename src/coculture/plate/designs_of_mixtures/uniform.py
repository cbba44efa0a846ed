"""Uniform designs (均匀设计): many levels in few runs, spread evenly over the space of formulas."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.plate.designs_of_mixtures.base import MixtureDesign, check_ingredients
from coculture.randomness import stream


def uniform(ingredients: tuple[str, ...], runs: int, trials: int = 500, seed: int = 0) -> MixtureDesign:
    """Return a U-type design of ``runs`` levels in ``runs`` runs with small centred discrepancy.

    Good lattice points ``(i h_j) mod (n + 1)`` (Fang, Lin, Winker & Zhang 2000, Technometrics 42:237) with
    generators prime to n + 1, chosen among ``trials`` sets of generators, then improved by as many swaps of two
    levels in a column.

    Parameters
    ----------
    runs : number of runs and of levels, at least the number of ingredients + 2.
    trials : how long is searched; the same seed finds the same design.

    Raises
    ------
    InputError : if there are too few runs or no trials.
    """
    check_ingredients(ingredients, "uniform design", fewest=2)
    count = len(ingredients)
    if runs < count + 2 or trials < 1:
        what = f"{runs} runs for {count} ingredients, {trials} trials"
        raise InputError(what, "uniform design", f"give at least {count + 2} runs and 1 trial")
    random = stream(seed, "uniform design", str(runs), str(count))
    best, discrepancy = _lattice(runs, count, trials, random)
    best, discrepancy = _swapped(best, discrepancy, trials, random)
    settings: dict[str, str | int | float] = {"centred_discrepancy": discrepancy**0.5, "trials": trials, "seed": seed}
    return MixtureDesign("uniform design", ingredients, best, runs, settings)


def centred_discrepancy(levels: NDArray[np.int64], level_count: int) -> float:
    """Return the squared centred L2 discrepancy (Hickernell 1998, Math Comput 67:299) of levels at ``(l + 1/2) / q``."""
    x = (levels + 0.5) / level_count
    n, s = x.shape
    off = np.abs(x - 0.5)
    first = np.prod(1 + off / 2 - off**2 / 2, axis=1).sum() * 2 / n
    cross = 1 + off[:, None] / 2 + off[None] / 2 - np.abs(x[:, None] - x[None]) / 2
    return float((13 / 12) ** s - first + np.prod(cross, axis=2).sum() / n**2)


def _lattice(runs: int, count: int, trials: int, random: np.random.Generator) -> tuple[NDArray[np.int64], float]:
    prime_to = np.array([h for h in range(1, runs + 1) if gcd(h, runs + 1) == 1])
    best, least = np.zeros((0, 0), dtype=np.int64), np.inf
    for _ in range(trials):
        if prime_to.size >= count:
            generators = random.permutation(prime_to)[:count]
            table = np.outer(np.arange(1, runs + 1), generators) % (runs + 1) - 1
        else:
            table = np.column_stack([random.permutation(runs) for _ in range(count)])
        if (found := centred_discrepancy(table, runs)) < least:
            best, least = table, found
    return best, least


def _swapped(table: NDArray[np.int64], least: float, trials: int, random: np.random.Generator) -> tuple[NDArray[np.int64], float]:
    for _ in range(trials):
        column, (one, other) = random.integers(table.shape[1]), random.choice(len(table), 2, replace=False)
        changed = table.copy()
        changed[[one, other], column] = table[[other, one], column]
        if (found := centred_discrepancy(changed, len(table))) < least:
            table, least = changed, found
    return table, least
