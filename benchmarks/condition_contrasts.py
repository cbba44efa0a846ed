"""Can a call of a drug that acts differently in co-culture be relied on?

On a published screen (81 patients with chronic lymphocytic leukaemia, 50 drugs at three doses, mono- and co-culture; Herbst, Kim
et al. 2023, Blood Adv 7:5925) three methods of ``[analysis.contrast]`` are asked

- what they call at an FDR of 1 % and a smallest effect of 5 (points of percent; the published rule: % of area);
- how often they call drugs where there is nothing: the labels mono and co of all wells of a patient, controls among them, are
  exchanged for half of the patients, at random. Empirical FDR = mean number of drugs below the limit of Benjamini-Hochberg in
  the real screen, q R / m, over the R called there (bar: within 20 % of nominal); and the share of exchanged screens in which
  anything is called;
- how well two halves of the patients agree, over random halves: Spearman's correlation of the effects of all drugs, and Cohen's
  kappa and Jaccard index of the calls (less, unchanged, more) at the settings above; also without the ten drugs at the plate's
  edge.

    COCULTURE_DATA=... python benchmarks/condition_contrasts.py [--exchanges 400] [--halves 100] [--seed 1]
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from coculture.randomness import stream
from coculture.run.analysis_settings import analysis_settings
from coculture.run.loaded_wells import load_wells
from coculture.screen.hits.base import Estimate, p_values
from coculture.screen.hits.contrasts.base import ContrastEstimate, ContrastMethod, ContrastWells, contrast_wells
from coculture.screen.hits.contrasts.methods import contrast_method
from coculture.screen.hits.false_discovery import benjamini_hochberg
from coculture.screen.normalise.methods import normalisation
from coculture.screen.well_table import check_wells
from machine import describe

DATA = Path(os.environ.get("COCULTURE_DATA", "data"))
EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "leukemia_coculture"
METHODS = (
    ("screen.toml", "paired-moderated-t", 1),
    ("published_rule.toml", "most-variable-dose", 3),
    ("screen.toml", "mixed-model", 8),
)
"""Recipe, method, and by how much fewer repetitions the slower ones are asked for."""

LEVELS = (0.01, 0.05, 0.1)
EDGE = ("Everolimus", "PRT062607", "Enasidenib", "Ganetespib", "JQ1", "Lenalidomide", "Midostaurin", "Plerixafor")
EDGE += ("Pyridone 6", "Sotrastaurin")
"""Drugs that lie in outer rows or columns in one of the two conditions."""


def prepared(recipe: str, method: str) -> tuple[ContrastWells, ContrastMethod]:
    """Return the wells of the contrast as the engine sees them."""
    loaded = load_wells(DATA / "coculture_leukemia" / "drugresponse.tsv", EXAMPLE / recipe)
    settings = analysis_settings(loaded.loaded.settings)
    settings = replace(settings, contrast=replace(settings.contrast, method=method))
    table = check_wells(loaded.wells, settings)
    readings = table.readings(settings.primary)
    values = normalisation(settings.scale_of(settings.primary)).apply(readings).values
    return contrast_wells(table, readings, values, settings), contrast_method(method)


def p_of(found: ContrastEstimate) -> np.ndarray:
    """Return the p-values of an estimate."""
    if found.p_value is not None:
        return found.p_value
    return p_values(found.effect, Estimate(found.standard_error, found.df), "both")


def calls(found: ContrastEstimate, fdr: float = 0.01, least: float = 5.0) -> np.ndarray:
    """Return -1, 0 or 1 for each drug."""
    strong = (benjamini_hochberg(p_of(found)) <= fdr) & (np.abs(found.effect) >= least)
    return np.where(strong, np.sign(found.effect), 0).astype(int)


def exchanged(wells: ContrastWells, random: np.random.Generator) -> ContrastWells:
    """Return the wells with mono and co exchanged for half of the patients."""
    units = np.unique(wells.treated["unit"])
    turned = units[random.random(units.size) < 0.5]

    def turn(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(arm=np.where(frame["unit"].isin(turned), 1 - frame["arm"], frame["arm"]))

    return replace(wells, treated=turn(wells.treated), controls=turn(wells.controls))


def part(wells: ContrastWells, units: np.ndarray) -> ContrastWells:
    """Return the wells of some patients."""
    return replace(
        wells,
        treated=wells.treated[wells.treated["unit"].isin(units)],
        controls=wells.controls[wells.controls["unit"].isin(units)],
    )


def kappa(a: np.ndarray, b: np.ndarray) -> float:
    """Return Cohen's kappa of two sets of calls."""
    chance = sum((a == kind).mean() * (b == kind).mean() for kind in (-1, 0, 1))
    return float(((a == b).mean() - chance) / (1 - chance)) if chance < 1 else 1.0


def report_calls(wells: ContrastWells, found: ContrastEstimate) -> None:
    """Print the calls and where they differ from the published ones."""
    stored = pd.read_csv(DATA / "coculture_leukemia" / "reference_CLL_interaction_calls.csv").set_index("Drug")["type"]
    called = calls(found)
    kinds = np.select([called > 0, called < 0], ["Decreased", "Increased"], "Unchanged")
    print(f"  {(called > 0).sum()} act less in co-culture, {(called < 0).sum()} more; other than published:")
    q = benjamini_hochberg(p_of(found))
    for index, drug in enumerate(wells.compounds):
        if kinds[index] != stored[drug]:
            print(f"    {drug}: {kinds[index]} ({found.effect[index]:+.1f}, q {q[index]:.1g}), published {stored[drug]}")


def report_exchanges(wells: ContrastWells, method: ContrastMethod, found: ContrastEstimate, n: int, seed: int) -> None:
    """Print the empirical FDR under exchanged labels."""
    real = p_of(found)
    random = [p_of(method(exchanged(wells, stream(seed, "exchange", str(number))))) for number in range(n)]
    every = np.array(random)
    q = np.array([benjamini_hochberg(row) for row in every])
    for level in LEVELS:
        called = benjamini_hochberg(real) <= level
        limit = level * called.sum() / called.size
        below = (every <= limit).sum(axis=1)
        rate, error = below.mean() / called.sum(), below.std(ddof=1) / np.sqrt(n) / called.sum()
        anything = (q <= level).any(axis=1).mean()
        print(
            f"  nominal FDR {level:.0%}: empirical {rate:.2%} ± {error:.2%} ({called.sum()} drugs, p ≤ {limit:.3g}; "
            f"{(every <= limit).mean() / limit:.2f} of the p-values expected there); anything called in {anything:.1%} of {n}"
        )


def report_halves(wells: ContrastWells, method: ContrastMethod, n: int, seed: int) -> None:
    """Print the agreement of random halves of the patients."""
    units = np.unique(wells.treated["unit"])
    inner = ~np.isin(wells.compounds, EDGE)
    rows = []
    for number in range(n):
        order = stream(seed, "half", str(number)).permutation(units)
        a, b = (method(part(wells, half)) for half in (order[: units.size // 2], order[units.size // 2 :]))
        x, y = calls(a), calls(b)
        rows.append(
            {
                "Spearman": stats.spearmanr(a.effect, b.effect).statistic,
                "kappa": kappa(x, y),
                "Jaccard": ((x != 0) & (x == y)).sum() / max(((x != 0) | (y != 0)).sum(), 1),
                "Spearman, inner": stats.spearmanr(a.effect[inner], b.effect[inner]).statistic,
                "kappa, inner": kappa(x[inner], y[inner]),
            }
        )
    table = pd.DataFrame(rows)
    error = table.std() / np.sqrt(n)
    print(f"  {n} random halves: " + ", ".join(f"{name} {table[name].mean():.3f} ± {error[name]:.3f}" for name in table))


def main() -> None:
    """Print calls, empirical FDR and agreement of every method."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--exchanges", type=int, default=300)
    options.add_argument("--halves", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    print(describe())
    for recipe, name, fewer in METHODS:
        wells, method = prepared(recipe, name)
        found = method(wells)
        print(f"\n{name} ({recipe})", flush=True)
        report_calls(wells, found)
        report_halves(wells, method, asked.halves // fewer, asked.seed)
        report_exchanges(wells, method, found, asked.exchanges // fewer, asked.seed)


if __name__ == "__main__":
    main()
