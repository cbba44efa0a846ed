"""KB of a competitive antagonist from whole curves: every agonist curve, at every antagonist concentration, in one fit.

``E = bottom + (top − bottom) A^n / (A^n + (EC50 (1 + (B/KB)^s))^n)`` (Gaddum's equation with Schild's slope; Motulsky &
Christopoulos 2004, Fitting Models to Biological Data). Fitted by least squares in the logarithms of EC50 and KB. Nothing is
thrown away, not even the curves that barely move.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import OptimizeResult, least_squares
from scipy.stats import t as student

from coculture.compounds.binding.occupancy import require_concentrations
from coculture.errors import DataError, InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]


def antagonised_response(
    agonist: ArrayLike,
    antagonist: ArrayLike,
    *,
    bottom: float,
    top: float,
    ec50: float,
    hill_slope: float,
    dissociation: float,
    schild_slope: float = 1.0,
) -> Floats:
    """Return the response to an agonist beside a competitive antagonist.

    Parameters
    ----------
    agonist, antagonist : concentrations in one unit, shapes that broadcast.
    bottom, top : response without and with saturating agonist.
    ec50, hill_slope : of the agonist alone.
    dissociation : KB of the antagonist.
    schild_slope : s, 1 for simple competition.

    Raises
    ------
    InputError : if a concentration is negative, or EC50, KB or a slope is not above 0.
    """
    for where, value in (
        ("ec50", ec50),
        ("hill_slope", hill_slope),
        ("dissociation", dissociation),
        ("schild_slope", schild_slope),
    ):
        require_number(value, where, above=0)
    first, second = require_concentrations(agonist, "agonist"), require_concentrations(antagonist, "antagonist")
    shifted = ec50 * (1 + (second / dissociation) ** schild_slope)
    relative = (first / shifted) ** hill_slope
    return np.asarray(bottom + (top - bottom) * relative / (1 + relative))


@dataclass(frozen=True)
class AntagonistFit:
    """A fitted competitive antagonist.

    Attributes
    ----------
    dissociation, dissociation_low, dissociation_high : KB with confidence limits, in the unit of the antagonist.
    ec50, hill_slope, bottom, top, schild_slope : the other parameters; the Schild slope is 1 where it was held.
    residual_sd : standard deviation of the residuals.
    """

    dissociation: float
    dissociation_low: float
    dissociation_high: float
    ec50: float
    hill_slope: float
    bottom: float
    top: float
    schild_slope: float
    residual_sd: float


def fit_antagonist(
    agonist: ArrayLike, antagonist: ArrayLike, response: ArrayLike, *, free_schild_slope: bool = False, confidence: float = 0.95
) -> AntagonistFit:
    """Fit KB and the agonist's curve together.

    Parameters
    ----------
    agonist, antagonist, response : (N,) one entry a measurement; concentrations of 0 allowed.
    free_schild_slope : fit s too, to see whether 1 lies in reach; KB is then the concentration of dose ratio 2.
    confidence : of the limits of KB.

    Raises
    ------
    InputError : if lengths differ, or a number is not finite or a concentration negative.
    DataError : if there are too few measurements, no antagonist, no rise of the curve, or the fit does not pin KB.
    """
    first = np.ravel(require_concentrations(agonist, "agonist"))
    second = np.ravel(require_concentrations(antagonist, "antagonist"))
    seen = np.ravel(np.asarray(response, np.float64))
    _require_data(first, second, seen, 5 + free_schild_slope)
    found = _best(first, second, seen, free_schild_slope)
    return _as_fit(found, seen, free_schild_slope, confidence)


def _require_data(first: Floats, second: Floats, seen: Floats, parameters: int) -> None:
    if not len(first) == len(second) == len(seen):
        raise InputError(
            f"{len(first)} agonist, {len(second)} antagonist, {len(seen)} responses", "response", "give as many of each"
        )
    if not bool(np.isfinite(seen).all()):
        raise InputError("a response is not a finite number", "response", "leave the measurement out")
    if len(seen) <= parameters:
        raise DataError(f"{len(seen)} measurements cannot fix {parameters} parameters", "response", "measure more doses")
    if not bool((second > 0).any()) or len(np.unique(first[first > 0])) < 3:
        raise DataError(
            "KB needs curves of three agonist concentrations or more, with antagonist in some of them",
            "antagonist",
            "measure the agonist's curve at several antagonist concentrations",
        )
    if float(np.ptp(seen)) == 0:
        raise DataError("all responses are equal", "response", "a flat curve has no EC50")


def _model(numbers: Floats, first: Floats, second: Floats) -> Floats:
    bottom, top, log_ec50, log_slope, log_kb = numbers[:5]
    schild = float(np.exp(numbers[5])) if len(numbers) > 5 else 1.0
    with np.errstate(divide="ignore"):
        log_first, log_second = np.log(first), np.log(second)
    shift = np.logaddexp(0.0, schild * (log_second - log_kb))
    return np.asarray(
        bottom + (top - bottom) / (1 + np.exp(-np.exp(log_slope) * np.clip(log_first - log_ec50 - shift, -700, 700)))
    )


def _best(first: Floats, second: Floats, seen: Floats, free: bool) -> OptimizeResult:
    """Return the best of several starts, spread over the tested concentrations."""
    positive, blocked = first[first > 0], second[second > 0]
    lowest_agonist = float(np.mean(seen[first == first.min()]))
    highest_agonist = float(np.mean(seen[first == first.max()]))
    best: OptimizeResult | None = None
    for ec50 in np.quantile(np.log(positive), [0.2, 0.5, 0.8]):
        for kb in np.quantile(np.log(blocked), [0.0, 0.5, 1.0]) - 1.0:
            start = [lowest_agonist, highest_agonist, ec50, 0.0, kb] + ([0.0] if free else [])
            with np.errstate(over="ignore"):
                found = least_squares(
                    lambda numbers: _model(numbers, first, second) - seen, start, method="lm", xtol=1e-14, ftol=1e-14
                )
            if best is None or found.cost < best.cost:
                best = found
    assert best is not None
    return best


def _as_fit(found: OptimizeResult, seen: Floats, free: bool, confidence: float) -> AntagonistFit:
    numbers, freedom = found.x, len(seen) - len(found.x)
    variance = 2 * float(found.cost) / freedom
    curvature = found.jac.T @ found.jac
    if np.linalg.matrix_rank(curvature) < len(numbers):
        raise DataError(
            "the measurements do not pin KB", "antagonist", "use concentrations that shift the curve, and a full curve"
        )
    error = math.sqrt(variance * float(np.linalg.inv(curvature)[4, 4]))
    reach = error * float(student.ppf(0.5 + confidence / 2, freedom))
    if reach > math.log(1e4):
        raise DataError(
            "the measurements do not pin KB", "antagonist", "use concentrations that shift the curve, and a full curve"
        )
    kb = float(np.exp(numbers[4]))
    return AntagonistFit(
        kb,
        kb * math.exp(-reach),
        kb * math.exp(reach),
        float(np.exp(numbers[2])),
        float(np.exp(numbers[3])),
        float(numbers[0]),
        float(numbers[1]),
        float(np.exp(numbers[5])) if free else 1.0,
        math.sqrt(variance),
    )
