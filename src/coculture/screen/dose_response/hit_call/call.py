"""The continuous hit call of a sample.

Ten curves that are zero at dose zero are fitted by maximum likelihood with t errors of 4 degrees of freedom. The one of least
AIC, the constant left out, is the sample's. The call is the product of three probabilities (Sheffield et al. 2022,
Bioinformatics 38:1157):

1. ``p_curve``: that the curve and not the constant is true, ``1 / (1 + exp(-(AIC₀ - AIC) / 2))``, an Akaike weight;
2. ``p_point``: that at least one dose's median lies beyond the cutoff, ``1 - Π T₄((cutoff - |median|) / sigma)``, where
   medians of the other sign count as negative;
3. ``p_top``: that the top of the curve lies beyond the cutoff: with ``c`` the χ²₁ distribution function of twice the
   likelihood lost when the curve is scaled to a top at the cutoff, ``(1 + c)/2`` if it is beyond and ``(1 - c)/2`` if not.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import expit

from coculture import __version__
from coculture.errors import DataError, InputError
from coculture.screen.dose_response.hit_call.curves import CURVES, FARTHEST_LOSS, CurveFromZero, bounds, in_doses
from coculture.screen.dose_response.kernels.curves_from_zero import fill_response, first_dose, peak
from coculture.screen.dose_response.kernels.t_likelihood import likeliest, log_likelihood
from coculture.screen.group_statistics import Floats

BENCHMARK_FACTOR = 1.349
"""Benchmark response over the standard deviation of the baseline: a 10 % shift of a normal law's tail."""
FEWEST_DOSES = 4


@dataclass(frozen=True)
class HitCall:
    """The call of one sample.

    Attributes
    ----------
    model : name of the likeliest curve; ``parameters`` by name, ``sigma`` the scale of its errors.
    hit_call : the product of ``p_curve``, ``p_point`` and ``p_top``.
    top : top of the curve: plateau, highest point of gain-loss, farthest response of the others over the tested doses.
    ac50, ac50_loss, acc, bmd : doses of half the top (rising, and falling for gain-loss), of the cutoff and of the benchmark
        response; NaN where the curve does not reach them.
    aic : of each of the ten curves.
    log_likelihood : of the curve.
    cutoff, benchmark_response : settings.
    version : version of coculture.
    """

    model: str
    parameters: dict[str, float]
    sigma: float
    hit_call: float
    p_curve: float
    p_point: float
    p_top: float
    top: float
    ac50: float
    ac50_loss: float
    acc: float
    bmd: float
    aic: dict[str, float]
    log_likelihood: float
    cutoff: float
    benchmark_response: float
    version: str = field(default=__version__)


@dataclass(frozen=True)
class _Sample:
    x: Floats
    y: Floats
    highest: float
    medians: Floats


def hit_call(dose: ArrayLike, response: ArrayLike, cutoff: float, baseline_sd: float) -> HitCall:
    """Return the continuous hit call of one sample.

    Parameters
    ----------
    dose, response : (n,) concentrations above 0 and responses normalised to zero without effect.
    cutoff : response that counts, above 0 (:func:`noise_cutoff`).
    baseline_sd : standard deviation of the baseline; the benchmark response is 1.349 times it.

    Raises
    ------
    InputError : shapes differ, a number is not finite, a dose is not above 0, the cutoff or deviation is not above 0.
    DataError : fewer than four doses.
    """
    sample = _checked(dose, response, cutoff, baseline_sd)
    lowest = float(sample.x.min())
    largest = float(np.abs(sample.y).max()) or 1e-6
    middle = float(np.abs(sample.medians).max()) or 0.01
    phis, heights = [], []
    for curve in CURVES:
        box = bounds(curve, lowest, largest, middle)
        phi = np.zeros(len(box))
        heights.append(likeliest(curve.kind, sample.x, sample.y, box, FARTHEST_LOSS, curve.counts, phi))
        phis.append(phi)
    aic = np.array([2.0 * curve.n_parameters - 2.0 * height for curve, height in zip(CURVES, heights, strict=True)])
    winner = 1 + int(np.argmin(aic[1:]))
    return _called(sample, CURVES[winner], phis[winner], heights[winner], aic, cutoff, BENCHMARK_FACTOR * baseline_sd)


def _checked(dose: ArrayLike, response: ArrayLike, cutoff: float, baseline_sd: float) -> _Sample:
    doses, responses = np.asarray(dose, dtype=np.float64), np.asarray(response, dtype=np.float64)
    if doses.ndim != 1 or doses.shape != responses.shape:
        raise InputError(
            f"doses {doses.shape} and responses {responses.shape} differ in shape", remedy="give one response per dose"
        )
    if not (np.isfinite(doses).all() and np.isfinite(responses).all()):
        raise InputError("a dose or response is not a finite number", remedy="leave out wells without a value")
    if not (doses > 0).all():
        raise InputError(f"a dose is {doses.min():g}", remedy="leave out wells without the compound: they set the baseline")
    if not (cutoff > 0 and baseline_sd > 0):
        raise InputError(f"cutoff {cutoff:g} and baseline deviation {baseline_sd:g}", remedy="give both above 0")
    levels = np.unique(doses)
    if levels.size < FEWEST_DOSES:
        raise DataError(f"{levels.size} doses", remedy=f"a hit call needs {FEWEST_DOSES}")
    highest = float(levels[-1])
    medians = np.array([np.median(responses[doses == level]) for level in levels])
    return _Sample(doses / highest, responses, highest, medians)


def _called(
    sample: _Sample, curve: CurveFromZero, phi: Floats, height: float, aic: Floats, cutoff: float, benchmark: float
) -> HitCall:
    x_peak, top = peak(curve.kind, phi, float(sample.x.min()))
    sigma, sign = float(np.exp(phi[-1])), float(np.sign(top)) or 1.0
    p_curve = float(expit(0.5 * (aic[0] - aic[1:].min())))
    p_point = float(1.0 - np.prod(stats.t.cdf((cutoff - sign * sample.medians) / sigma, 4)))
    p_top = _p_top(sample, curve, phi, height, top, cutoff)
    doses = [
        first_dose(curve.kind, phi, level, x_peak, False) * sample.highest
        for level in (0.5 * top, sign * cutoff, sign * benchmark)
    ]
    loss = first_dose(curve.kind, phi, 0.5 * top, x_peak, True) * sample.highest if curve.name == "gain-loss" else np.nan
    return HitCall(
        model=curve.name,
        parameters=dict(zip(curve.parameters, in_doses(curve, phi, sample.highest), strict=True)),
        sigma=sigma,
        hit_call=p_curve * p_point * p_top,
        p_curve=p_curve,
        p_point=p_point,
        p_top=p_top,
        top=top,
        ac50=doses[0],
        ac50_loss=loss,
        acc=doses[1],
        bmd=doses[2],
        aic={each.name: float(value) for each, value in zip(CURVES, aic, strict=True)},
        log_likelihood=height,
        cutoff=cutoff,
        benchmark_response=benchmark,
    )


def _p_top(sample: _Sample, curve: CurveFromZero, phi: Floats, height: float, top: float, cutoff: float) -> float:
    if top == 0.0:
        return 0.0
    fitted = np.empty(sample.y.size)
    fill_response(curve.kind, phi, sample.x, fitted)
    scaled = log_likelihood(fitted * (cutoff / abs(top)), sample.y, float(phi[-1]))
    inside = float(stats.chi2.cdf(max(2.0 * (height - scaled), 0.0), 1))
    return 0.5 * (1.0 + inside) if abs(top) >= cutoff else 0.5 * (1.0 - inside)


def hit_calls(wells: pd.DataFrame, cutoff: float, baseline_sd: float) -> pd.DataFrame:
    """Return one row a sample: the call, its parts, the model and its doses.

    Parameters
    ----------
    wells : columns sample, dose, response.
    cutoff, baseline_sd : as in :func:`hit_call`.

    Raises
    ------
    InputError : a column is missing, or as :func:`hit_call`, with the sample named.
    """
    if missing := {"sample", "dose", "response"} - set(wells.columns):
        raise InputError(f"the table has no column '{sorted(missing)[0]}'", remedy="give sample, dose and response")
    rows = []
    for sample, part in wells.groupby("sample", sort=True):
        call = hit_call(part["dose"], part["response"], cutoff, baseline_sd)
        row = {name: getattr(call, name) for name in _COLUMNS}
        rows.append({"sample": sample, **row})
    return pd.DataFrame(rows)


_COLUMNS = (
    "model",
    "hit_call",
    "p_curve",
    "p_point",
    "p_top",
    "top",
    "ac50",
    "ac50_loss",
    "acc",
    "bmd",
    "sigma",
    "log_likelihood",
    "cutoff",
    "benchmark_response",
    "version",
)


def noise_cutoff(baseline: ArrayLike, factor: float = 3.0) -> float:
    """Return ``factor`` times the scaled median absolute deviation of baseline responses (1.4826 MAD about the median).

    The baseline is what has no effect: responses at the two lowest doses of all samples, or vehicle wells.
    """
    values = np.asarray(baseline, dtype=np.float64)
    if values.size == 0 or not np.isfinite(values).all():
        raise InputError("the baseline is empty or holds a number that is not finite", remedy="give finite baseline responses")
    return float(factor * 1.4826 * np.median(np.abs(values - np.median(values))))
