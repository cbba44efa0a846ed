r"""A track that ends and one that begins some frames later: one cell that was not seen in between?

For an end i and a beginning k, g frames apart (g from 2), joining gains over leaving both

.. math:: \ln \frac{(1 - q)\,a_g\,f_g(r)}{q\,\lambda_0},

with q the chance that an ended track never comes back, :math:`a_g \propto (g - 1)^{-3/2}` the chance of coming back after g
frames, :math:`f_g` the law of steps widened by how much further linked cells of the film have moved in g frames than in one
(their 90 % quantile), and :math:`\lambda_0` the density of detections left unexplained.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.track.consecutive import LinkModel, expected_positions, find_pairs
from coculture.imaging.track.features import same_cell
from coculture.imaging.track.film import Film

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_FEWEST_TRACKS = 20
_RETURN_POWER = 1.5


def growth_of_steps(film: Film, later: Integers, most: int) -> Floats:
    """Return (most + 1,) how much further cells move in g frames than in one; where few were followed, √g."""
    growth = np.ones(most + 1)
    there = np.arange(len(film))
    base = 0.0
    for lag in range(1, most + 1):
        there = np.where(there >= 0, later[there], -1)
        known = there >= 0
        moved = np.hypot(film.x[there[known]] - film.x[known], film.y[there[known]] - film.y[known])
        if lag == 1:
            base = float(np.quantile(moved, 0.9)) if len(moved) else 0.0
        elif base > 0 and len(moved) >= _FEWEST_TRACKS:
            growth[lag] = max(float(np.quantile(moved, 0.9)) / base, growth[lag - 1])
        else:
            growth[lag] = growth[lag - 1] * np.sqrt(lag / (lag - 1))
    return growth


def joins_over_gaps(
    film: Film,
    model: LinkModel,
    births: float,
    gone: float,
    links: tuple[Integers, Integers],
    growth: Floats,
) -> tuple[Integers, Floats]:
    """Return joins (m, 2: end, beginning) and their gains.

    Parameters
    ----------
    film, model : the detections and what they taught.
    births : density of unexplained detections, per µm² and frame.
    gone : chance that an ended track never comes back.
    links : later and earlier row of every detection.
    growth : (most + 1,) from :func:`growth_of_steps`; its length sets the longest gap.
    """
    later, earlier = links
    most = len(growth) - 1
    share = np.arange(1, max(most, 2), dtype=np.float64) ** -_RETURN_POWER
    share /= share.sum()
    ended, begun = film.has_later & (later < 0), film.has_earlier & (earlier < 0)
    joins, gains = [np.empty((0, 2), np.int64)], [np.empty(0)]
    for lag in range(2, most + 1):
        constant = float(np.log((1 - gone) * share[lag - 2]) - np.log(gone * births))
        bonus = sum(max(float(law.same(np.zeros(1))[0]), 0.0) for law in model.features)
        radius = model.steps.reach(2 * np.log(growth[lag]) - constant - bonus) * growth[lag]
        radius = min(radius, model.most_radius * growth[lag])
        pairs = find_pairs(film, expected_positions(film, earlier, model.persistence, lag), lag, radius, ended, begun)
        gain = constant + model.steps.log_density(pairs.distance / growth[lag]) - 2 * np.log(growth[lag])
        gain = gain + same_cell(model.features, film.features[pairs.first], film.features[pairs.second])
        joins.append(np.column_stack((pairs.first, pairs.second)))
        gains.append(gain)
    return np.concatenate(joins), np.concatenate(gains)
