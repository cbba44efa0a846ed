"""A mixture taken apart: the whole, what each ingredient adds to it and does alone, and pairs beside both."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from coculture.screen.deconvolve.designed.leave_one_out import leave_one_out_effects
from coculture.screen.deconvolve.designed.rows import effect_rows
from coculture.screen.deconvolve.designed.run_noise import RunNoise, run_noise
from coculture.screen.deconvolve.designed.wells import DesignedWells
from coculture.screen.hits.false_discovery import benjamini_hochberg

Place = dict[tuple[int, ...], int]
"""From the levels of a mixture to its run."""


def taken_apart(wells: DesignedWells, pairs: bool, confidence: float, fdr: float, minimum_effect: float = 0.0) -> pd.DataFrame:
    """Return the contrasts of a design of wholes with ingredients left out, or of ingredients alone, as effect rows.

    Kinds ``whole`` (the whole less nothing), ``left out`` (the whole less the whole without it), ``alone`` (it alone less
    nothing), and with ``pairs`` ``pair in the whole`` (whole − without one − without the other + without both) and
    ``pair alone`` (both − one − other + nothing). q-values of ingredients and of pairs are two families.

    Raises
    ------
    InputError, DataError : as :func:`leave_one_out_effects`.
    """
    found = leave_one_out_effects(wells, confidence, fdr, minimum_effect)
    noise = run_noise(wells)
    place: Place = {tuple(row.tolist()): run for run, row in enumerate(wells.design.levels) if noise.count[run] > 0}
    rows = []
    for label, kind in (("lost", "left out"), ("alone", "alone")):
        if label in found.table:
            table = found.table[found.table[label].notna()]
            rows.append(
                effect_rows(
                    kind,
                    table["ingredient"],
                    effect=table[label],
                    low=table[f"{label}_low"],
                    high=table[f"{label}_high"],
                    p_value=table[f"{label}_p"],
                    q_value=table[f"{label}_q"],
                    reading=table["reading"],
                    fdr=fdr,
                )
            )
    contrasts = [(kind, names, used) for kind, names, used in _contrasts(wells, place, pairs)]
    made = pd.DataFrame([_judged(used, noise, confidence) for _, _, used in contrasts])
    for family in (("whole",), ("pair in the whole", "pair alone")):
        chosen = [number for number, (kind, _, _) in enumerate(contrasts) if kind in family]
        if not chosen:
            continue
        part = made.iloc[chosen]
        q = benjamini_hochberg(part["p_value"].to_numpy(dtype=np.float64))
        for kind in family:
            own = [place for place, number in enumerate(chosen) if contrasts[number][0] == kind]
            if own:
                first, second = zip(*(contrasts[chosen[one]][1] for one in own), strict=True)
                numbers = [part[name].to_numpy()[own] for name in ("effect", "low", "high", "p_value")]
                effect, low, high, p = numbers
                rows.append(
                    effect_rows(kind, first, second, effect=effect, low=low, high=high, p_value=p, q_value=q[own], fdr=fdr)
                )
    return pd.concat(rows, ignore_index=True)


def _contrasts(wells: DesignedWells, place: Place, pairs: bool) -> list[tuple[str, tuple[str, str], list[tuple[int, float]]]]:
    """Return kind, the one or two ingredients, and (run, sign) of every contrast beside those of single ingredients."""
    names = wells.design.ingredients
    nothing, whole = (0,) * len(names), (1,) * len(names)
    made: list[tuple[str, tuple[str, str], list[tuple[int, float]]]] = []
    if nothing in place and whole in place:
        made.append(("whole", ("", ""), [(place[whole], 1.0), (place[nothing], -1.0)]))
    asked = [(whole, 0, "pair in the whole"), (nothing, 1, "pair alone")] if pairs else []
    for base, other, kind in asked[len(names) == 2 :]:  # of two ingredients both contrasts are one
        for one, two in combinations(range(len(names)), 2):
            four = [base, _changed(base, other, one), _changed(base, other, two), _changed(base, other, one, two)]
            if all(levels in place for levels in four):
                signs = (1.0, -1.0, -1.0, 1.0)
                made.append((kind, (names[one], names[two]), [(place[at], sign) for at, sign in zip(four, signs, strict=True)]))
    return made


def _changed(levels: tuple[int, ...], value: int, *places: int) -> tuple[int, ...]:
    return tuple(value if place in places else level for place, level in enumerate(levels))


def _judged(used: list[tuple[int, float]], noise: RunNoise, confidence: float) -> dict[str, float]:
    effect, error, df = noise.contrast(used)
    half = float(stats.t.isf((1 - confidence) / 2, df)) * error
    p = 2 * float(stats.t.sf(abs(effect) / error, df)) if error > 0 else float(effect == 0)
    return {"effect": effect, "low": effect - half, "high": effect + half, "p_value": p}
