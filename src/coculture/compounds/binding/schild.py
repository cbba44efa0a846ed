"""Schild's analysis: how far a competitive antagonist shifts an agonist's curve.

The dose ratio is ``DR = EC50(with B)/EC50(without) = 1 + (B/KB)^s`` with s = 1 for simple competition; ``log(DR − 1)``
against ``log B`` is a line of slope s that crosses 0 at ``pA2`` (Arunlakshana & Schild 1959, Br J Pharmacol 14:48).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from coculture.compounds.binding.occupancy import require_concentrations
from coculture.errors import DataError, InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]


def dose_ratio(antagonist: ArrayLike, antagonist_dissociation: float, schild_slope: float = 1.0) -> Floats:
    """Return ``1 + (B/KB)^s``; InputError if B is negative, or KB or s is not above 0."""
    require_number(antagonist_dissociation, "antagonist_dissociation", above=0)
    require_number(schild_slope, "schild_slope", above=0)
    amount = require_concentrations(antagonist, "antagonist")
    return np.asarray(1 + (amount / antagonist_dissociation) ** schild_slope)


@dataclass(frozen=True)
class SchildLine:
    """A fitted Schild line.

    Attributes
    ----------
    slope, slope_low, slope_high : slope with its confidence limits. Limits that leave 1 out speak against simple competition.
    pa2 : −log10 of the concentration (in M if the antagonist is) that doubles the agonist's EC50, from the free line.
    pkb : −log10 KB with the slope held at 1: an estimate of KB where the slope's limits hold 1.
    points : number of antagonist concentrations.
    """

    slope: float
    slope_low: float
    slope_high: float
    pa2: float
    pkb: float
    points: int


def fit_schild(antagonist: ArrayLike, ratio: ArrayLike, confidence: float = 0.95) -> SchildLine:
    """Fit ``log10(DR − 1) = s (log10 B + pA2)`` by least squares.

    Parameters
    ----------
    antagonist : (N,) concentrations, above 0.
    ratio : (N,) dose ratios, above 1.
    confidence : of the limits of the slope.

    Raises
    ------
    InputError : if the lengths differ, a concentration is not above 0, a ratio is not above 1.
    DataError : with fewer than 3 points or one concentration only.
    """
    amount, shift = np.ravel(np.asarray(antagonist, np.float64)), np.ravel(np.asarray(ratio, np.float64))
    if len(amount) != len(shift):
        raise InputError(f"{len(amount)} concentrations and {len(shift)} dose ratios", "ratio", "give one ratio a concentration")
    if not bool((amount > 0).all()):
        raise InputError("a concentration is not above 0", "antagonist", "leave out the curve without antagonist")
    if not bool((shift > 1).all()):
        raise InputError(
            f"a dose ratio is {shift.min():.4g}: log(DR − 1) does not exist",
            "ratio",
            "leave out concentrations that did not shift the curve, or fit all curves at once with fit_antagonist",
        )
    if len(amount) < 3 or len(np.unique(amount)) < 2:
        raise DataError(f"{len(amount)} points do not make a Schild line", "antagonist", "give three concentrations or more")
    return _line(np.log10(amount), np.log10(shift - 1), confidence)


def _line(x: Floats, y: Floats, confidence: float) -> SchildLine:
    centred = x - x.mean()
    spread = float((centred**2).sum())
    slope = float((centred * y).sum() / spread)
    left = y - y.mean() - slope * centred
    error = float(np.sqrt((left**2).sum() / (len(x) - 2) / spread))
    reach = error * float(student.ppf(0.5 + confidence / 2, len(x) - 2))
    pa2 = float(y.mean() / slope - x.mean())
    return SchildLine(slope, slope - reach, slope + reach, pa2, float((y - x).mean()), len(x))
