"""Do pooled and knock-out designs find what carries an extract's activity, in how many wells, and with how many false claims?

Simulated extracts: of n ingredients four act by themselves and two only together; the response is the natural logarithm of the
surviving share, on which independent ingredients add (Bliss), with normal noise between wells. Effects are drawn from
−0.6 to −1.2 (a survival of 0.55 to 0.30), the noise has a standard deviation of 0.15. Recall and false discoveries count the
five true claims (four ingredients, one pair); whoever claims an ingredient of the pair by itself is wrong.

Each design is followed by fresh wells that confirm its candidates; wells of both, and of controls, are counted. Testing one by
one means three wells for each ingredient; that cannot find the pair, which needs three wells for each pair too. The share of
wells is given of both. Claims are made at a false discovery rate of 0.05 in the fresh wells. The settings were chosen on other
draws (seed 7, 15 to 25 extracts a setting) than those of the table.

    python benchmarks/pooled_designs.py [--simulations 100] [--noise 0.15]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd

from coculture.plate.designs_of_mixtures.base import MixtureDesign
from coculture.plate.designs_of_mixtures.confirmation import confirmation_design
from coculture.plate.designs_of_mixtures.leave_one_out import leave_one_out
from coculture.plate.designs_of_mixtures.pooled import knock_out_groups, pooled
from coculture.randomness import stream
from coculture.screen.deconvolve.designed.confirmation import confirm
from coculture.screen.deconvolve.designed.leave_one_out import leave_one_out_effects
from coculture.screen.deconvolve.designed.pooled_decoding import decode
from coculture.screen.deconvolve.designed.wells import DesignedWells
from machine import describe

REPLICATES = 3
ACTIVE = 4
MOST_CANDIDATES = 8


@dataclass(frozen=True)
class Extract:
    """What is true of one extract."""

    names: tuple[str, ...]
    single: np.ndarray
    pair: tuple[int, int]
    together: float

    @property
    def truth(self) -> set[str]:
        """The true claims."""
        one, other = self.pair
        return {self.names[at] for at in np.flatnonzero(self.single)} | {f"{self.names[one]} × {self.names[other]}"}

    def wells(self, design: MixtureDesign, run: np.ndarray, noise: float, random: np.random.Generator) -> DesignedWells:
        """Measure the runs."""
        x = design.shares[run]
        exact = x @ self.single + self.together * x[:, self.pair[0]] * x[:, self.pair[1]]
        return DesignedWells(design, run, exact + random.normal(0, noise, run.size))


def extract(count: int, random: np.random.Generator) -> Extract:
    """Draw an extract of ``count`` ingredients."""
    names = tuple(f"I{number:03d}" for number in range(1, count + 1))
    chosen = random.permutation(count)
    single = np.zeros(count)
    single[chosen[:ACTIVE]] = -random.uniform(0.6, 1.2, ACTIVE)
    one, other = sorted(chosen[ACTIVE : ACTIVE + 2])
    return Extract(names, single, (int(one), int(other)), -float(random.uniform(0.6, 1.2)))


def pools(
    make: Callable[..., MixtureDesign], runs: int
) -> Callable[[Extract, float, np.random.Generator, int], tuple[set[str], int]]:
    """Return the strategy: pools once each, decoded, then confirmed."""

    def strategy(one: Extract, noise: float, random: np.random.Generator, seed: int) -> tuple[set[str], int]:
        design = make(one.names, runs, seed=seed)
        decoded = decode(one.wells(design, np.arange(runs), noise, random), most=MOST_CANDIDATES, permutations=200, seed=seed)
        if decoded.table.empty:
            return set(), runs
        claims, wells = confirmed(one, decoded.singles, decoded.pairs, noise, random)
        return claims, runs + wells

    return strategy


def left_out(one: Extract, noise: float, random: np.random.Generator, seed: int) -> tuple[set[str], int]:
    """Leave each ingredient out in three wells (the whole in twelve), then test all pairs of what was needed."""
    design = leave_one_out(one.names)
    whole = int(np.flatnonzero(design.levels.all(axis=1))[0])
    run = np.concatenate((np.repeat(np.arange(design.runs), REPLICATES), np.full(9, whole)))
    table = leave_one_out_effects(one.wells(design, run, noise, random)).table
    needed = tuple(table[table["reading"] == "needed"].sort_values("lost_p")["ingredient"].head(MOST_CANDIDATES))
    if not needed:
        return set(), run.size
    claims, wells = confirmed(one, needed, tuple(combinations(sorted(needed), 2)), noise, random)
    return claims, run.size + wells


def confirmed(
    one: Extract, singles: tuple[str, ...], pairs: tuple[tuple[str, str], ...], noise: float, random: np.random.Generator
) -> tuple[set[str], int]:
    """Return the claims that fresh wells confirm, and how many wells that took."""
    design = confirmation_design(one.names, singles, pairs)
    run = np.repeat(np.arange(design.runs), REPLICATES)
    table = confirm(one.wells(design, run, noise, random), fdr=0.05).table
    return set(table.loc[table["confirmed"], "term"]), run.size


STRATEGIES = {
    "pooled (60 % of 144 in a well, 90 wells)": (144, pools(partial(pooled, share=0.6, trials=5), 90)),
    "the same, 120 wells": (144, pools(partial(pooled, share=0.6, trials=5), 120)),
    "pooled knock-out (30 % of 144 out, 90 wells)": (144, pools(partial(knock_out_groups, trials=5), 90)),
    "knock-out one by one, then pairs of the needed (24)": (24, left_out),
}


def measure(name: str, simulations: int, noise: float, seed: int) -> dict[str, object]:
    """Return the row of one strategy."""
    count, strategy = STRATEGIES[name]
    rows = []
    for number in range(simulations):
        random = stream(seed, "pooled designs", name, str(number))
        one = extract(count, random)
        claims, wells = strategy(one, noise, random, number)
        true = len(claims & one.truth)
        pair = any("×" in claim for claim in claims & one.truth)
        rows.append((true / len(one.truth), pair, (len(claims) - true) / max(len(claims), 1), wells))
    recall, pair, false, wells = np.array(rows, dtype=np.float64).T
    alone = REPLICATES * count
    return {
        "strategy": name,
        "recall": f"{recall.mean():.3f} ± {recall.std() / simulations**0.5:.3f}",
        "pair found": f"{pair.mean():.2f}",
        "FDR": f"{false.mean():.3f} ± {false.std() / simulations**0.5:.3f}",
        "wells, mean (most)": f"{wells.mean():.0f} ({wells.max():.0f})",
        "of ingredients one by one": f"{wells.mean() / alone:.0%}",
        "of ingredients and pairs one by one": f"{wells.mean() / (alone + REPLICATES * comb(count, 2)):.1%}",
    }


def main() -> None:
    """Simulate and print one table for each noise."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--simulations", type=int, default=100)
    options.add_argument("--noise", type=float, nargs="*", default=[0.15, 0.25])
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    print(describe())
    for noise in asked.noise:
        started = time.process_time()
        table = pd.DataFrame([measure(name, asked.simulations, noise, asked.seed) for name in STRATEGIES])
        print(f"\n{asked.simulations} extracts each, noise {noise:g}, {time.process_time() - started:.0f} CPU s:\n")
        print("| " + " | ".join(table.columns) + " |\n" + "|---" * len(table.columns) + "|")
        for row in table.itertuples(index=False):
            print("| " + " | ".join(map(str, row)) + " |", flush=True)


if __name__ == "__main__":
    main()
