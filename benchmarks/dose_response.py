"""How fast and how good are fits of dose-response curves?

Four-parameter fits of all 5,152 GDSC curves on one core (bar: 2,000 a second, a value for each), with and without bounds of
the midpoint, profile limits included, beside ``scipy.optimize.curve_fit`` one by one; sums of squares beside SciPy's best of
16 starts without bounds (bar: at most 1 % worse on 99.5 %); ten-curve hit calls of 1,845 ToxCast samples (bar: 60 s, 95 %
of the stored calls of tcplfit2 0.1.7); doses and standard errors beside the stored ones of R's drc (bar: 1e-4). CPU time.

    COCULTURE_DATA=... python benchmarks/dose_response.py
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import optimize
from scipy.special import expit

from coculture.screen.dose_response.curve_data import CurveSet, merged_levels
from coculture.screen.dose_response.effective_dose import effective_dose
from coculture.screen.dose_response.fitted_curve import fitted_curve
from coculture.screen.dose_response.hit_call.call import hit_calls
from coculture.screen.dose_response.logistic_4 import fit_logistic_4
from coculture.screen.dose_response.models import CURVE_MODELS
from coculture.screen.dose_response.separable_fit import midpoint_bounds
from machine import describe

DATA = Path(os.environ["COCULTURE_DATA"])
REPEATS, ONE_BY_ONE, MULTI_START, BOUNDED_STARTS = 3, 300, 600, 300
DRC = {"LL.3": "logistic-3", "LL.4": "logistic-4", "LL.5": "logistic-5", "W1.4": "weibull-1", "W2.4": "weibull-2"}


def cpu_seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the median CPU time of ``work``."""
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return float(np.median(seconds))


def gdsc() -> tuple[CurveSet, list[tuple[np.ndarray, np.ndarray]]]:
    """Return the curves as levels, and each as its points."""
    points = pd.read_csv(DATA / "gdsc_curves" / "normalized_curves.csv.gz", dtype={"CL": str})
    grouped = points.groupby(["CL", "drug"], sort=True)
    frame = pd.DataFrame({"dose_unit": "uM", "lowest": np.exp(grouped["x"].min()), "highest": np.exp(grouped["x"].max())})
    ones, owner = np.ones(len(points)), grouped.ngroup().to_numpy()
    x, y = points["x"].to_numpy(), points["y"].to_numpy()
    return merged_levels(frame.reset_index(), owner, x, ones, y, 0 * ones), [
        (part["x"].to_numpy(), part["y"].to_numpy()) for _, part in grouped
    ]


def curve(x: np.ndarray, start: float, span: float, slope: float, middle: float) -> np.ndarray:
    """Return the logistic as SciPy is given it."""
    return start + span * expit(slope * (x - middle))


def one_by_one(pairs: list[tuple[np.ndarray, np.ndarray]]) -> int:
    """Fit each with ``curve_fit`` and return how many ended."""
    done = 0
    for x, y in pairs:
        try:
            optimize.curve_fit(curve, x, y, p0=(y.min(), np.ptp(y) + 1e-3, 1.0, x.mean()), maxfev=2000)
            done += 1
        except RuntimeError:
            continue
    return done


def best_of_starts(x: np.ndarray, y: np.ndarray) -> float:
    """Return SciPy's least sum of squares from 16 starts without bounds."""
    starts = [(y.min(), side * np.ptp(y) + 1e-3, k, m) for m in (0.0, 3.0, 6.0, 9.5) for k in (0.6, 4.0) for side in (1, -1)]
    return min(2 * optimize.least_squares(lambda p: curve(x, *p) - y, start, method="lm", max_nfev=300).cost for start in starts)


def best_within(x: np.ndarray, y: np.ndarray, low: float, high: float) -> float:
    """Return SciPy's least sum of squares from 12 starts with slope and midpoint within the bounds of a screen."""
    bounds = ((-np.inf, -np.inf, 0.1, low), (np.inf, np.inf, 20.0, high))
    places = np.linspace(low, high, 5)[1:-1]
    starts = [(y.min(), side * np.ptp(y) + 1e-3, k, m) for m in places for k in (0.6, 4.0) for side in (1, -1)]
    fits = (optimize.least_squares(lambda p: curve(x, *p) - y, start, bounds=bounds, max_nfev=300) for start in starts)
    return min(2 * fit.cost for fit in fits)


def report_bounded(pairs: list[tuple[np.ndarray, np.ndarray]], squares: np.ndarray, boxes: np.ndarray) -> None:
    """Print how bounded fits compare with SciPy's under the same bounds."""
    chosen = np.random.default_rng(2).choice(len(pairs), BOUNDED_STARTS, replace=False)
    best = np.array([best_within(*pairs[i], *boxes[i]) for i in chosen])
    ratio = (squares[chosen] + 1e-10) / (best + 1e-10)
    print(
        f"bounded, of {BOUNDED_STARTS}: {(ratio <= 1.01).mean():.2%} at most 1 % worse than 12 starts under the same bounds, "
        f"worst {ratio.max():.4f}, {(ratio < 0.99).mean():.2%} better by 1 %"
    )


def report_gdsc() -> None:
    """Print speed and quality of four-parameter fits."""
    curves, pairs = gdsc()
    n = len(pairs)
    for unbounded in (False, True):
        fits = fit_logistic_4(curves, 0.95, unbounded=unbounded)
        seconds = cpu_seconds(lambda wide=unbounded: fit_logistic_4(curves, 0.95, unbounded=wide))
        name = "unbounded" if unbounded else "bounded"
        fitted = np.isfinite(fits.squares).mean()
        print(f"logistic-4, {name}, with limits and covariance: {n / seconds:,.0f} fits/s, {fitted:.1%} fitted")
        squares = fits.squares
        if not unbounded:
            report_bounded(pairs, squares, midpoint_bounds(curves))
    for other in ("logistic-3", "logistic-5", "weibull-1", "brain-cousens"):
        model = CURVE_MODELS[other]
        model.fit(curves, 0.95)
        print(f"{other}: {n / cpu_seconds(lambda chosen=model: chosen.fit(curves, 0.95), 1):,.0f} fits/s")
    some = pairs[:: n // ONE_BY_ONE]
    done = [0]
    seconds = cpu_seconds(lambda: done.__setitem__(0, one_by_one(some)), 1)
    print(f"scipy curve_fit: {len(some) / seconds:,.0f} fits/s, {done[0] / len(some):.1%} fitted")
    chosen = np.random.default_rng(1).choice(n, MULTI_START, replace=False)
    best = np.array([best_of_starts(*pairs[i]) for i in chosen])
    ratio = (squares[chosen] + 1e-10) / (best + 1e-10)
    worse, better = (ratio <= 1.01).mean(), (ratio < 0.99).mean()
    print(f"of {MULTI_START}: {worse:.2%} at most 1 % worse than 16 starts, worst {ratio.max():.4f}, {better:.2%} better by 1 %")


def report_toxcast() -> None:
    """Print time and agreement of hit calls."""
    wells = pd.read_csv(DATA / "toxcast_curves" / "mc0_normalized.csv.gz")
    wells = wells.rename(columns={"spid": "sample", "conc": "dose", "resp": "response"})
    stored = pd.read_csv(DATA / "toxcast_curves" / "reference_fits.csv").rename(columns={"spid": "sample"})
    cutoff, deviation = float(stored["cutoff"].iloc[0]), float(stored["bmr"].iloc[0]) / 1.349
    hit_calls(wells[wells["sample"] == wells["sample"].iloc[0]], cutoff, deviation)
    start = time.process_time()
    calls = hit_calls(wells, cutoff, deviation)
    seconds = time.process_time() - start
    both = calls.merge(stored, on="sample", suffixes=("", "_stored"))
    agree = ((both["hit_call"] > 0.9) == (both["hitcall"] > 0.9)).mean()
    close = (np.abs(both["hit_call"] - both["hitcall"]) < 0.05).mean()
    print(f"{len(calls)} samples in {seconds:.1f} s; of {len(both)} stored {agree:.2%} called alike, {close:.2%} within 0.05")


def report_drc() -> None:
    """Print how far doses and standard errors lie from drc's."""
    folder = DATA / "dose_response_classics"
    grass, stored = pd.read_csv(folder / "ryegrass.csv"), pd.read_csv(folder / "reference_ed.csv")
    for name, ours in DRC.items():
        fit = fitted_curve(grass["conc"], grass["rootl"], model=ours)
        rows = stored[(stored["dataset"] == "ryegrass") & (stored["model"] == name)]
        found = [effective_dose(fit, effect) for effect in (0.1, 0.5, 0.9)]
        dose = max(abs(f.dose / r - 1) for f, r in zip(found, rows["Estimate"], strict=True))
        error = max(abs(f.standard_error / r - 1) for f, r in zip(found, rows["Std..Error"], strict=True))
        ahead = fit.log_likelihood - rows["logLik"].iloc[0]
        print(f"ryegrass {name}: doses within {dose:.1e}, standard errors within {error:.1e}, log-likelihood {ahead:+.1e}")


if __name__ == "__main__":
    print(describe())
    warnings.simplefilter("ignore")
    report_gdsc()
    report_toxcast()
    report_drc()
