"""Global envelopes of cross-type curves: one test over all radii at once.

A curve is compared with its null mean ``T0(r)`` in units of its null spread, and one number is taken over all radii
(studentised maximum absolute deviation; Myllymäki et al. 2017, J. R. Stat. Soc. B 79:381):

    u = max_r |T(r) − T0(r)| / sd(r),      p = (1 + #{u_i >= u}) / (1 + n)

The band ``T0(r) ± u_α sd(r)`` holds whole curves with chance 1 − α; a curve that leaves it anywhere is significant at α.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.heterotypic.cell_types import CellTypes
from coculture.interactions.heterotypic.cross_k import CrossSums, Curve
from coculture.interactions.heterotypic.point_pairs import PointPairs
from coculture.interactions.heterotypic.window import SetCovariance, Window


def cross_type_envelope(
    positions: NDArray[np.float64],
    types: Any,
    window: Window,
    radii_um: NDArray[np.float64],
    random: np.random.Generator,
    *,
    curve: Curve = "g",
    null: Literal["labels", "positions"] = "labels",
    n_simulations: int = 499,
    level: float = 0.05,
    bandwidth_um: float | None = None,
    names: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the curves of every pair of types with global envelopes and p-values.

    Parameters
    ----------
    positions, types, window, radii_um, bandwidth_um, names : as in
        :func:`~coculture.interactions.heterotypic.cross_k.cross_type_functions`.
    random : the stream to draw from.
    curve : ``"k"`` or ``"g"``.
    null : ``"labels"`` exchanges labels on fixed positions (mean and spread are exact); ``"positions"`` draws every cell
        uniformly from the window (mean πr² or 1; spread from the simulations and the data together, which keeps the test exact).
    n_simulations : how many; at least 1/level − 1.
    level : α of the band.

    Returns
    -------
    One row a pair of types and radius: ``type_a, type_b, n_a, n_b, radius_um, value, expected, sd, low, high, p_value, reason``;
    ``p_value`` is the pair's, the same at all its radii.

    Raises
    ------
    InputError, DataError : as :func:`cross_type_functions`, or if a setting is unknown or the simulations are too few.
    """
    _check(curve, null, n_simulations, level)
    known = CellTypes.of(types, names).for_cells(len(np.asarray(positions)))
    sums = CrossSums.of(positions, window, radii_um, bandwidth_um)
    first, second = np.triu_indices(len(known.names))
    value = sums.curve(curve, known)[:, first, second]
    if null == "labels":
        draws = _labels(sums, known, curve, n_simulations, random)
        mean, sd = (array[:, first, second] for array in sums.null(curve, known))
        seen = np.stack([draw[:, first, second] for draw in draws])
    else:
        draws = _positions(sums, known, curve, n_simulations, random, window)
        seen = np.stack([draw[:, first, second] for draw in draws])
        csr = np.pi * sums.radii**2 if curve == "k" else np.ones(len(sums.radii))
        mean = np.repeat(csr[:, None], len(first), axis=1)
        sd = np.concatenate((seen, value[None])).std(axis=0)  # the observed curve is one of n + 1 under the null
    return _assemble(known, sums.radii, (first, second), value, mean, sd, seen, level)


def _assemble(
    types: CellTypes,
    radii: NDArray[np.float64],
    places: tuple[NDArray[np.int64], NDArray[np.int64]],
    value: NDArray[np.float64],
    mean: NDArray[np.float64],
    sd: NDArray[np.float64],
    seen: NDArray[np.float64],
    level: float,
) -> pd.DataFrame:
    """Make the table, pair of types by pair of types."""
    names, parts = np.array(types.names, dtype=object), []
    for column, (a, b) in enumerate(zip(*places, strict=True)):
        spread = np.nan_to_num(sd[:, column])
        free = spread > 0
        part = {
            "type_a": names[a], "type_b": names[b], "n_a": types.counts[a], "n_b": types.counts[b], "radius_um": radii,
            "value": value[:, column], "expected": mean[:, column], "sd": sd[:, column],
            "low": np.nan, "high": np.nan, "p_value": np.nan, "reason": "too few cells",
        }  # fmt: skip
        if free.any():
            far = np.abs(seen[:, free, column] - mean[free, column]) / spread[free]
            own = float((np.abs(value[free, column] - mean[free, column]) / spread[free]).max())
            worst = far.max(axis=1)
            bound = float(np.sort(worst)[int(np.ceil((1 - level) * (len(worst) + 1))) - 1])
            part |= {"low": mean[:, column] - bound * spread, "high": mean[:, column] + bound * spread, "reason": ""}
            part["p_value"] = (1 + int((worst >= own - 1e-12).sum())) / (1 + len(worst))
        elif np.isfinite(value[:, column]).any():
            part["reason"] = "labels cannot change it"
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def _labels(
    sums: CrossSums, types: CellTypes, curve: Curve, number: int, random: np.random.Generator
) -> Iterator[NDArray[np.float64]]:
    for _ in range(number):
        yield sums.curve(curve, replace(types, codes=random.permutation(types.codes)))


def _positions(
    sums: CrossSums, types: CellTypes, curve: Curve, number: int, random: np.random.Generator, window: Window
) -> Iterator[NDArray[np.float64]]:
    reach = float(sums.radii[-1]) + sums.bandwidth_um
    overlap = SetCovariance.of(window, reach)
    for _ in range(number):
        drawn = PointPairs.of(window.sample(len(types), random), window, overlap, reach)
        yield replace(sums, pairs=drawn).curve(curve, types)


def _check(curve: str, null: str, n_simulations: int, level: float) -> None:
    if curve not in ("k", "g"):
        raise InputError(f"unknown curve '{curve}'", "curve", "use 'k' or 'g'")
    if null not in ("labels", "positions"):
        raise InputError(f"unknown null '{null}'", "null", "use 'labels' or 'positions'")
    if not 0 < level < 1:
        raise InputError(f"level {level}", "level", "give a number between 0 and 1")
    if n_simulations < 1 / level - 1:
        raise InputError(
            f"{n_simulations} simulations cannot reach p = {level:g}",
            "n_simulations",
            f"ask for at least {int(np.ceil(1 / level - 1))}",
        )
