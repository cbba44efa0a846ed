"""Mean squared displacement of a set of tracks as points to draw, and the persistent random walk fitted to it in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coculture.errors import DataError
from coculture.report.figures.displacement_curves import LagPoint
from coculture.report.language import say
from coculture.report.words.numbers import MISSING, count, is_missing, significant, span

if TYPE_CHECKING:
    from coculture.interactions.motion.lag_models.estimate import Estimate
    from coculture.interactions.motion.lag_models.fuerth import FuerthFit
    from coculture.interactions.motion.mean_squared import MeanSquaredDisplacement
    from coculture.interactions.motion.tracks import Tracks

FEWEST_TRACKS = 5
"""Fewer tracks give no mean direction and no curve."""

MOST_LAGS = 18
"""Lags drawn, evenly spread on the logarithmic axis."""

FEWEST_LAGS = 4
_STEPS = 40


@dataclass(frozen=True)
class Walk:
    """What the fit says of one treatment, every number as text with its interval.

    Attributes
    ----------
    tracks : number of tracks.
    speed, diffusion, persistence : S (µm/min), D (µm²/min) and P (min); '–' where the fit cannot tell.
    status : what kind of motion shows.
    spoken : the same as one phrase.
    """

    name: str
    tracks: str
    speed: str
    diffusion: str
    persistence: str
    status: str
    spoken: str


def walk_of(
    name: str, tracks: Tracks, confidence: int, longest_lag_min: float | None = None
) -> tuple[Walk, list[LagPoint], list[tuple[float, float]]]:
    """Return the fit in words, the points of the curve, and (lag, µm²) along the fit; both empty where nothing shows.

    Parameters
    ----------
    confidence : level of the intervals, in per cent.
    longest_lag_min : longest lag that is fitted; None: a quarter of the longest track, and four time steps at least.
    """
    from coculture.interactions.motion.lag_models.fuerth import fit_fuerth
    from coculture.interactions.motion.mean_squared import mean_squared_displacement

    n = f"{tracks.n_tracks:,}"
    if tracks.n_tracks < FEWEST_TRACKS:
        return _untold(name, n, say("too few tracks")), [], []
    lasted = float((tracks.t_min[tracks.start[1:] - 1] - tracks.t_min[tracks.start[:-1]]).max())
    longest = longest_lag_min or max(lasted / 4, FEWEST_LAGS * tracks.step_min)
    msd = mean_squared_displacement(tracks, longest_lag_min=max(lasted / 2, longest, tracks.step_min))
    points = _points(msd)
    try:
        fit = fit_fuerth(msd, longest_lag_min=longest, confidence=confidence / 100)
    except DataError:
        return _untold(name, n, say("too few lags to fit")), points, []
    return _walk(name, n, fit), points, _line(fit, msd)


def _points(msd: MeanSquaredDisplacement) -> list[LagPoint]:
    """Return the lags enough tracks stand behind, thinned evenly on the logarithmic axis."""
    table = msd.table[(msd.table["n_tracks"] >= FEWEST_TRACKS) & (msd.table["msd_um2"] > 0)].reset_index(drop=True)
    if table.empty:
        return []
    wanted = np.geomspace(1, len(table), min(len(table), MOST_LAGS)).round().astype(int)
    return [_point(table.iloc[place - 1]) for place in sorted({int(one) for one in wanted})]


def _point(row: pd.Series) -> LagPoint:
    value, error = float(row["msd_um2"]), float(row["track_standard_error_um2"])
    known = np.isfinite(error)
    title = say(
        "{lag} min · {value} µm² · {tracks}",
        lag=significant(row["lag_min"]),
        value=significant(value),
        tracks=count(int(row["n_tracks"]), "track"),
    )
    low, high = (value - 1.96 * error, value + 1.96 * error) if known else (None, None)
    return LagPoint(float(row["lag_min"]), value, low, high, title)


def _line(fit: FuerthFit, msd: MeanSquaredDisplacement) -> list[tuple[float, float]]:
    """Return the fitted curve over the lags it was fitted to."""
    first = float(msd.table["lag_min"].iloc[0])
    lags = np.geomspace(first, max(fit.scope.longest_lag_min, first * 1.01), _STEPS)
    if fit.status == "fitted":
        values = fit.curve(lags)
    elif fit.status == "diffusive":
        values = 2 * fit.dimensions * fit.diffusion_um2_per_min.value * lags
    elif fit.status == "ballistic":
        values = (fit.speed_um_per_min.value * lags) ** 2
    else:
        return []
    return [(float(lag), float(value)) for lag, value in zip(lags, values, strict=True)]


def _walk(name: str, n: str, fit: FuerthFit) -> Walk:
    speed, diffusion, persistence = (
        _told(estimate) for estimate in (fit.speed_um_per_min, fit.diffusion_um2_per_min, fit.persistence_min)
    )
    status = {
        "fitted": say("persistent random walk"),
        "diffusive": say("random walk: no persistence shows"),
        "ballistic": say("straight run over all lags"),
    }.get(fit.status, say(fit.status))
    named = (("S", speed, "µm/min"), ("D", diffusion, "µm²/min"), ("P", persistence, "min"))
    told = ", ".join(f"{letter} {text.partition(' (')[0]} {unit}" for letter, text, unit in named if text != MISSING)
    return Walk(name, n, speed, diffusion, persistence, status, told or status)


def _untold(name: str, n: str, status: str) -> Walk:
    return Walk(name, n, MISSING, MISSING, MISSING, status, status)


def _told(estimate: Estimate) -> str:
    if is_missing(estimate.value):
        return MISSING
    if is_missing(estimate.low) or is_missing(estimate.high):
        return significant(estimate.value)
    return f"{significant(estimate.value)} ({span(significant(estimate.low), significant(estimate.high))})"
