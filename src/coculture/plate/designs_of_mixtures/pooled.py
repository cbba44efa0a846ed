"""Pooled designs: each well gets a random, balanced share of all ingredients, so that few wells test many."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.plate.designs_of_mixtures.base import MixtureDesign, check_ingredients
from coculture.randomness import stream


def pooled(ingredients: tuple[str, ...], runs: int, share: float = 0.5, trials: int = 20, seed: int = 0) -> MixtureDesign:
    """Return random pools in which every ingredient is equally often, and every pool equally large (each ± 1).

    Parameters
    ----------
    runs : wells, fewer than the ingredients if only few of them act.
    share : share of all ingredients in each pool, above 0, below 1. A pair is together in about ``share²`` of the wells: pair
        interactions need a large share. What may go together in one well limits it.
    trials : designs drawn, of which the one with the smallest largest correlation between two ingredients is kept.

    Raises
    ------
    InputError : if a number is out of range, or a pool would be empty or hold everything.
    """
    check_ingredients(ingredients, "pooled design", fewest=4)
    count = len(ingredients)
    size = round(share * count)
    if runs < 4 or trials < 1 or not 0 < size < count:
        what = f"{runs} runs with a share of {share:g} of {count} ingredients, {trials} trials"
        raise InputError(what, "pooled design", "give 4 runs or more, 1 trial or more, pools of 1 to all but one ingredient")
    random = stream(seed, "pooled design", str(runs), str(count), str(size))
    best, least = np.zeros((0, 0), dtype=np.int64), np.inf
    for _ in range(trials):
        table = _balanced(runs, count, size, random)
        if (found := largest_correlation(table)) < least:
            best, least = table, found
    settings: dict[str, str | int | float] = {"share": size / count, "pool_size": size, "largest_correlation": least}
    return MixtureDesign("pooled design", ingredients, best, 2, settings | {"trials": trials, "seed": seed})


def knock_out_groups(
    ingredients: tuple[str, ...], runs: int, share_out: float = 0.3, trials: int = 20, seed: int = 0
) -> MixtureDesign:
    """Return a pooled knock-out design: the whole mixture, each time without a random ``share_out`` of its ingredients."""
    design = pooled(ingredients, runs, 1 - share_out, trials, seed)
    return MixtureDesign("knock out groups", ingredients, design.levels, 2, design.settings)


def largest_correlation(levels: NDArray[np.int64]) -> float:
    """Return the largest size of the correlation between the columns of two ingredients; 1 if one is in all pools or none."""
    centred = levels - levels.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    if not (length > 0).all():
        return 1.0
    unit = centred / length
    return float(np.abs(unit.T @ unit - np.eye(levels.shape[1])).max())


def _balanced(runs: int, count: int, size: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Fill pool after pool with the ingredients used least so far, then let pairs of pools trade.

    A trade deals the ingredients that only one of two pools has out anew; all sums stay (Strona et al. 2014, Nat Commun 5:4114).
    """
    table, used = np.zeros((runs, count), dtype=np.int64), np.zeros(count)
    for row in table:
        chosen = np.argsort(used + random.random(count))[:size]
        row[chosen] = 1
        used[chosen] += 1
    for _ in range(5 * runs):
        one, other = random.choice(runs, 2, replace=False)
        differing = np.flatnonzero(table[one] != table[other])
        kept = random.permutation(differing.size) < differing.size // 2
        table[one, differing], table[other, differing] = kept, ~kept
    return table
