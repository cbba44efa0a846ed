"""Does one fraction drive the result? Every fraction is left out once and everything is done again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coculture import __version__
from coculture.errors import InputError
from coculture.screen.deconvolve.correlation import t_test
from coculture.screen.deconvolve.fractions import Fractions, unit_columns
from coculture.screen.group_statistics import Floats

METHOD = "leave one fraction out"
KEPT = 0.5
"""One fraction drives the result if less than this share of the features called with it are called without it."""
SHARE = 0.5
"""... or if it holds more than this share of the activity's variance."""


@dataclass(frozen=True)
class Influence:
    """What each fraction does to the features called.

    Attributes
    ----------
    assay : of which.
    table : one row a fraction: ``fraction``, ``activity``, ``variance_share`` (of the activity's sum of squares about its
        mean), ``called_without`` (features called when it is left out), ``kept`` (share of the originally called ones among
        them, NaN if none was called), ``largest_change`` (of a correlation).
    called : features called with all fractions.
    driver : the fraction that drives the result, '' if none does.
    verdict : one sentence.
    settings, method, version : how.
    """

    assay: str
    table: pd.DataFrame
    called: tuple[str, ...]
    driver: str
    verdict: str
    settings: dict[str, float]
    method: str = METHOD
    version: str = __version__


def influence(fractions: Fractions, assay: str, level: float = 0.05) -> Influence:
    """Leave out every fraction once and count which features stay called.

    A feature is called if Pearson's correlation has a Bonferroni-corrected t-test p-value below ``level``. A fraction drives
    the result if fewer than half of the features called remain without it, or if it holds more than half of the
    activity's variance; of several the one with the fewest kept, then the largest share, is named.

    Raises
    ------
    InputError : if ``level`` is outside 0 to 1.
    """
    if not 0 < level < 1:
        raise InputError(f"level is {level:g}", "influence", "give a number between 0 and 1, 0.05 is usual")
    activity = fractions.activity(assay)
    n = activity.size
    whole, called = _called(fractions.contents, activity, level)
    rows = []
    for out in range(n):
        left = np.arange(n) != out
        r, still = _called(fractions.contents[left], activity[left], level)
        kept = float(still[called].mean()) if called.any() else np.nan
        rows.append((int(still.sum()), kept, float(np.abs(r - whole).max())))
    square = (activity - activity.mean()) ** 2
    table = pd.DataFrame(rows, columns=["called_without", "kept", "largest_change"])
    table.insert(0, "variance_share", square / square.sum())
    table.insert(0, "activity", activity)
    table.insert(0, "fraction", list(fractions.names))
    driver, verdict = _verdict(table, int(called.sum()))
    names = tuple(np.array(fractions.features, dtype=object)[called])
    return Influence(assay, table, names, driver, verdict, {"level": level, "kept": KEPT, "variance_share": SHARE})


def _called(contents: Floats, activity: Floats, level: float) -> tuple[Floats, np.ndarray]:
    r = np.clip(unit_columns(activity[:, None])[:, 0] @ unit_columns(contents), -1.0, 1.0)
    return r, t_test(r, activity.size) * r.size < level


def _verdict(table: pd.DataFrame, called: int) -> tuple[str, str]:
    suspects = table[(table["kept"] < KEPT) | (table["variance_share"] > SHARE)]
    if suspects.empty:
        return "", f"no single fraction drives the result: without any one of them at least {KEPT:.0%} of what is called stays"
    worst = suspects.sort_values(["kept", "variance_share"], ascending=[True, False]).iloc[0]
    held = f"it holds {worst['variance_share']:.0%} of the activity's variance"
    lost = f", and without it {round(worst['kept'] * called)} of {called} called features stay called" if called else ""
    remedy = "test more fractions like it, or finer ones, before anything is isolated"
    return worst["fraction"], f"fraction {worst['fraction']} drives the result: {held}{lost}; {remedy}"
