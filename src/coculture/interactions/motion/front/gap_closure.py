"""Gap closure: how fast two fronts of length L close the gap between them.

``dA/dt = −2 L c``: the gap's area falls in proportion to the speed c at which each front advances. A gap of width W closes
after about ``W/(2c)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from coculture.errors import DataError, InputError
from coculture.interactions.motion.front.masks import checked_mask, checked_pixel


@dataclass(frozen=True)
class GapClosure:
    """A fitted closure.

    Attributes
    ----------
    speed_um_per_min : c, speed of each front, from the slope of area against time.
    low, high : its limits from the residuals of that line; NaN for two time points.
    first_area_um2, last_area_um2 : areas at the first and last time.
    closed_percent : of the first area, at the last time; negative where the gap grew.
    half_closed_min : time since the first image at which half the area is closed (linear between images); NaN if never.
    n_times : times the line rests on.
    status : "closing"; "closed" (the last area is below the least that counts as open); "not closing" (c <= 0).
    """

    speed_um_per_min: float
    low: float
    high: float
    first_area_um2: float
    last_area_um2: float
    closed_percent: float
    half_closed_min: float
    n_times: int
    status: str


def gap_areas(masks: Iterable[Any], pixel_size_um: float) -> NDArray[np.float64]:
    """Return the areas, µm², of masks of the gap (not 0 is gap), one a time point.

    Raises
    ------
    InputError : if a mask is not two-dimensional, masks differ in shape, or the pixel has no size.
    """
    side = checked_pixel(pixel_size_um)
    seen = [checked_mask(mask, "masks") for mask in masks]
    if len({mask.shape for mask in seen}) > 1:
        raise InputError("masks of one gap differ in shape", "masks", "give all times in the same frame")
    return np.array([float(mask.sum()) for mask in seen]) * side**2


def front_length(mask: Any, pixel_size_um: float, along: Literal["x", "y"] | None = None) -> float:
    """Return the length L of a gap's front, µm: the extent of the field along which the gap runs.

    Parameters
    ----------
    mask : (Y, X) mask of the open gap.
    pixel_size_um : side of a pixel.
    along : "y" for a gap that runs from the top to the bottom, "x" from left to right. None: whichever pair of opposite
        borders it touches.

    Raises
    ------
    InputError : if the mask or ``along`` cannot be used.
    DataError : if the gap touches neither or both pairs of borders, and ``along`` is not given.
    """
    gap, side = checked_mask(mask, "mask"), checked_pixel(pixel_size_um)
    if along not in (None, "x", "y"):
        raise InputError(f"unknown axis '{along}'", "along", "use 'x', 'y' or None")
    if along is None:
        runs = {"y": gap[0].any() and gap[-1].any(), "x": gap[:, 0].any() and gap[:, -1].any()}
        if runs["x"] == runs["y"]:
            words = "both pairs" if runs["x"] else "neither pair"
            raise DataError(f"the gap touches {words} of opposite borders", "along", "say 'x' or 'y'")
        along = "x" if runs["x"] else "y"
    return float(gap.shape[0 if along == "y" else 1] * side)


def fit_gap_closure(
    t_min: NDArray[np.float64],
    area_um2: NDArray[np.float64],
    front_length_um: float,
    *,
    fronts: int = 2,
    least_open: float = 0.05,
    confidence: float = 0.95,
) -> GapClosure:
    """Fit the front speed to areas over time.

    Parameters
    ----------
    t_min, area_um2 : times, ascending, and the gap's area at each.
    front_length_um : L, of one front; see :func:`front_length`.
    fronts : how many fronts close the gap; 1 for a sheet that spreads one way.
    least_open : the line is fitted through times up to the first whose area is below this fraction of the first area (that time
        left out), since a closed gap stands still.
    confidence : of the limits.

    Raises
    ------
    InputError : if times, areas or a setting cannot be used.
    DataError : if the first area is 0, or fewer than two times are left.
    """
    times, areas = np.asarray(t_min, np.float64), np.asarray(area_um2, np.float64)
    _check(times, areas, front_length_um, fronts, least_open, confidence)
    if areas[0] == 0:
        raise DataError("there is no gap in the first image", "area_um2", "start with an image of the open gap")
    shut = np.flatnonzero(areas < least_open * areas[0])
    last = int(shut[0]) if shut.size else len(areas)
    if last < 2:
        raise DataError("the gap is closed in the second image", "t_min", "take images more often")
    speed, low, high = _speed(times[:last], areas[:last], fronts * front_length_um, confidence)
    status = "closed" if areas[-1] < least_open * areas[0] else "closing" if speed > 0 else "not closing"
    percent = 100 * (1 - areas[-1] / areas[0])
    return GapClosure(
        speed, low, high, float(areas[0]), float(areas[-1]), float(percent), _half_closed(times, areas), last, status
    )


def _speed(
    times: NDArray[np.float64], areas: NDArray[np.float64], length: float, confidence: float
) -> tuple[float, float, float]:
    off = times - times.mean()
    slope = float(off @ areas / (off @ off))
    speed, n = -slope / length, len(times)
    if n < 3:
        return speed, float("nan"), float("nan")
    residual = areas - areas.mean() - slope * off
    error = float(np.sqrt(residual @ residual / (n - 2) / (off @ off))) / length
    reach = float(stats.t.isf((1 - confidence) / 2, n - 2)) * error
    return speed, speed - reach, speed + reach


def _half_closed(times: NDArray[np.float64], areas: NDArray[np.float64]) -> float:
    below = np.flatnonzero(areas <= areas[0] / 2)
    if not below.size:
        return float("nan")
    k = int(below[0])
    share = (areas[k - 1] - areas[0] / 2) / (areas[k - 1] - areas[k])
    return float(times[k - 1] + share * (times[k] - times[k - 1]) - times[0])


def _check(
    times: NDArray[np.float64], areas: NDArray[np.float64], length: float, fronts: int, least_open: float, confidence: float
) -> None:
    if times.ndim != 1 or times.shape != areas.shape or len(times) < 2 or not (np.diff(times) > 0).all():
        raise InputError("times must be ascending, two or more, with one area each", "t_min")
    if not (np.isfinite(times).all() and np.isfinite(areas).all() and (areas >= 0).all()):
        raise InputError("an area is not a number >= 0", "area_um2")
    if not (np.isfinite(length) and length > 0):
        raise InputError(f"a front of {length} µm", "front_length_um", "give a length > 0")
    if fronts < 1:
        raise InputError(f"{fronts} fronts", "fronts", "give 1 or 2")
    if not 0 <= least_open < 1:
        raise InputError(f"a least open fraction of {least_open:g}", "least_open", "give a fraction from 0 to below 1")
    if not 0 < confidence < 1:
        raise InputError(f"a confidence of {confidence:g}", "confidence", "give a fraction between 0 and 1, as 0.95")
