"""Curves of one drug, alone or on top of a fixed other: two ways to fit them, one kind of result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coculture.compounds.combination.hill_effect import HillEffect, rising
from coculture.screen.group_statistics import Floats
from coculture.screen.synergy.kernels.hill import hill_fit
from coculture.screen.synergy.kernels.variable_metric import descend

NANOMOLAR = 1000.0
"""The published descent is run on doses in nM, as its users give them: where it stops depends on the unit."""

ZERO_DOSE = 1e-10
"""Dose (nM) in the place of 0 where the published fit falls back to the logarithmic axis."""

WIDENED = 1e-3
"""Part of the range by which first guesses of the plateaus lie outside the data."""


@dataclass(frozen=True)
class FittedCurve:
    """``y(d) = c + (d_ - c) / (1 + exp(slope * (ln d - place)))``.

    Attributes
    ----------
    lower, upper : the two plateaus as fitted; a negative slope runs from ``lower`` at dose 0 to ``upper``.
    slope, place : steepness on the axis ln dose, and place of the middle, ln of the dose's unit.
    zero_place : where dose 0 lies on that axis: minus infinity, or the stand-in of the logarithmic fall-back.
    fallback : whether the fit on the dose axis failed and the logarithmic one was taken.
    """

    lower: float
    upper: float
    slope: float
    place: float
    zero_place: float = -np.inf
    fallback: bool = False

    def at(self, dose: Floats) -> Floats:
        """Return the response at doses >= 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            position = np.where(dose > 0, np.log(dose), self.zero_place)
            argument = -self.slope * (position - self.place)
        if self.slope == 0:
            argument = np.zeros_like(position)
        return np.asarray(self.lower + (self.upper - self.lower) * rising(np.asarray(argument)))

    @property
    def effect(self) -> HillEffect:
        """The curve as a Hill effect with its base at dose 0."""
        base, top = (self.lower, self.upper) if self.slope < 0 else (self.upper, self.lower)
        return HillEffect(base, top, max(abs(self.slope), 1e-12), float(np.exp(np.clip(self.place, -690, 690))))


def least_squares_curve(dose: Floats, response: Floats, base: float = np.nan) -> FittedCurve:
    """Return the Hill curve of least squares; a constant where there is no dose above 0.

    Parameters
    ----------
    dose : (n,) doses >= 0.
    response : (n,).
    base : fixed response at dose 0, or NaN to fit it.
    """
    if not (dose > 0).any():
        level = base if np.isfinite(base) else float(response.mean())
        return FittedCurve(level, level, -1.0, 0.0)
    with np.errstate(divide="ignore"):
        fitted = hill_fit(np.log(dose), response, base)
    return FittedCurve(float(fitted[0]), float(fitted[1]), -float(np.exp(fitted[3])), float(fitted[2]))


def published_curve(dose: Floats, response: Floats, lower: float = np.nan) -> FittedCurve:
    """Return the curve where the descent of published R packages stops, in their order of attempts.

    First a four-parameter logistic in ln dose (drc's LL.4, Ritz et al. 2015, PLoS ONE 10:e0146021) from its own start, on
    responses divided by the power of ten below their median; if that fails the logistic over ln dose with dose 0 at
    ``ZERO_DOSE`` (L.4); if that fails too a constant.

    Parameters
    ----------
    dose : (n,) doses >= 0 in base units.
    response : (n,) responses.
    lower : the plateau ``c`` held fixed, or NaN.
    """
    fixed = np.array([np.nan, lower, np.nan, np.nan])
    nanomolar = dose * NANOMOLAR
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        position = np.log(nanomolar)
        found = _attempt(position, response, fixed, False)
        if found is not None:
            return FittedCurve(found[1], found[2], found[0], np.log(found[3] / NANOMOLAR))
        position = np.where(dose > 0, position, np.log(ZERO_DOSE))
        found = _attempt(position, response, fixed, True)
    if found is None:
        level = float(response.mean())
        return FittedCurve(level, level, -1.0, 0.0, fallback=True)
    shift = np.log(NANOMOLAR)
    return FittedCurve(found[1], found[2], found[0], found[3] - shift, np.log(ZERO_DOSE) - shift, fallback=True)


def _attempt(position: Floats, response: Floats, fixed: Floats, on_log: bool) -> Floats | None:
    start = _first_guess(position, response, on_log)
    if start is None:
        return None
    scale = np.ones(4) if on_log else _decades(np.exp(position), response)
    axis = position if on_log else position - np.log(scale[3])
    free = np.flatnonzero(np.isnan(fixed))
    first = (start / scale)[free]
    size = np.where(np.abs(first) < 1e-4, 1.0, np.abs(first))
    held = fixed / scale
    where, stopped = descend(first / size, size, free, held, axis, response / scale[1], on_log)
    held[free] = where * size
    values = held * scale
    return values if stopped and np.isfinite(values).all() and (on_log or values[3] > 0) else None


def _decades(dose: Floats, response: Floats) -> Floats:
    """Return the powers of ten below the medians, 1 where a median is not positive: scale of slope, plateaus and place."""
    of_response, of_dose = (10.0 ** np.floor(np.log10(m)) if m > 0 else 1.0 for m in (np.median(response), np.median(dose)))
    return np.array([1.0, of_response, of_response, of_dose])


def _first_guess(position: Floats, response: Floats, on_log: bool) -> Floats | None:
    """Plateaus just outside the data, slope and place by the line through the logits."""
    lowest, highest = float(response.min()), float(response.max())
    margin = WIDENED * (highest - lowest)
    lower, upper = lowest - margin, highest + margin
    logits = np.log((upper - response) / (response - lower))
    used = np.isfinite(position) & np.isfinite(logits)
    if used.sum() < 2 or np.ptp(position[used]) == 0:
        return None
    centred = position[used] - position[used].mean()
    slope = float(centred @ logits[used] / (centred @ centred))
    if slope == 0:
        return None
    place = float(position[used].mean() - logits[used].mean() / slope)
    guess = np.array([slope, lower, upper, place if on_log else np.exp(place)])
    return guess if np.isfinite(guess).all() else None
