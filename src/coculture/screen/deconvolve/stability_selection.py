"""Elastic net with stability selection: which features enter first, again and again, in random halves of the fractions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import enet_path

from coculture.errors import InputError
from coculture.randomness import stream
from coculture.screen.deconvolve.fractions import Fractions, unit_columns
from coculture.screen.deconvolve.ranking import Ranking, ranks
from coculture.screen.group_statistics import Floats

NAME = "stability-selection"
MIXING = 0.5
SMALLEST_PENALTY = 0.05
STEPS = 30


def score(contents: Floats, activity: Floats, mixing: float = MIXING) -> Floats:
    """Return the largest penalty, as share of the penalty that empties the model, at which each feature is in the elastic net.

    1 enters first; 0 is never in. Minimises ``|y − Xb|² / 2n + α (m |b|₁ + (1 − m)/2 |b|²)`` (Zou & Hastie 2005,
    J R Stat Soc B 67:301) on 30 penalties α between the largest and 5 % of it.
    """
    x, y = unit_columns(contents), unit_columns(activity[:, None])[:, 0]
    top = float(np.abs(y @ x).max()) / (y.size * mixing)
    if top == 0:
        return np.zeros(contents.shape[1])
    shares = np.geomspace(1.0, SMALLEST_PENALTY, STEPS)
    options = {"tol": 1e-3, "max_iter": 300, "precompute": False}
    _, path, _ = enet_path(np.asfortranarray(x), y, l1_ratio=mixing, alphas=top * shares, **options)
    within = np.abs(path) > 1e-10
    return np.asarray(np.where(within.any(axis=1), shares[within.argmax(axis=1)], 0.0))


def stability_selection(
    fractions: Fractions, assay: str, mixing: float = MIXING, enter: int | None = None, halves: int = 50, seed: int = 0
) -> Ranking:
    """Rank features by how often they are among the first to enter an elastic net.

    Parameters
    ----------
    mixing : share of the absolute penalty, above 0 (near ridge) to 1 (lasso).
    enter : how many features count as entered in each half; None takes ``√(0.8 p)``, which at a threshold of 0.9 expects
        at most one false feature, but no more than the fractions of a half.
    halves : complementary pairs of random halves; each feature has twice as many chances.

    Returns
    -------
    Ranking : ``score`` and ``frequency`` (0 to 1), ``frequency_low`` and ``frequency_high`` (Wilson's 95 % interval: of the
        resampling alone), ``expected_false`` were this frequency the threshold: ``q² / ((2π − 1) p)``
        (Meinshausen & Bühlmann 2010, J R Stat Soc B 72:417, under exchangeable noise features), no more than p.

    Raises
    ------
    InputError : if a setting is out of range.
    """
    n, p = fractions.contents.shape
    if not 0 < mixing <= 1 or halves < 1 or (enter is not None and not 1 <= enter <= p):
        what = f"mixing is {mixing:g}, enter {enter}, halves {halves}"
        raise InputError(what, "stability selection", f"give mixing in (0, 1], enter from 1 to {p}, halves 1 or more")
    activity = fractions.activity(assay)
    most = enter or max(1, min(int(np.sqrt(0.8 * p)), n // 2))
    random = stream(seed, "deconvolve", NAME, assay)
    entered, made = np.zeros(p), 0
    for _ in range(halves):
        order = random.permutation(n)
        for half in (order[: n // 2], order[n // 2 : 2 * (n // 2)]):
            made += 1
            if np.ptp(activity[half]) > 0:
                place = ranks(score(fractions.contents[half], activity[half], mixing))
                entered += (place <= most) & (place < p)
    frequency = entered / made
    low, high = wilson(frequency, made)
    with np.errstate(divide="ignore", invalid="ignore"):
        false = np.where(frequency > 0.5, most**2 / ((2 * frequency - 1) * p), np.inf)
    table = pd.DataFrame(
        {
            "feature": fractions.features,
            "score": frequency,
            "rank": ranks(frequency),
            "frequency": frequency,
            "frequency_low": low,
            "frequency_high": high,
            "expected_false": np.minimum(false, p),
        }
    )
    return Ranking(assay, NAME, table, {"mixing": mixing, "enter": most, "halves": halves, "seed": seed})


def wilson(share: Floats, trials: int, z: float = 1.959963984540054) -> tuple[Floats, Floats]:
    """Return Wilson's interval of a share of ``trials``."""
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials**2))
    return centre - half, centre + half
