"""Loewe additivity: drugs that behave like dilutions of one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.compounds.combination.hill_effect import HillEffect
from coculture.compounds.combination.kernels import additive_effects
from coculture.errors import InputError

Floats = NDArray[np.float64]


def loewe(drugs: Sequence[HillEffect], doses: Sequence[ArrayLike]) -> Floats:
    """Return the additive effect ``y`` that solves ``sum_i d_i / D_i(y) = 1`` (Loewe & Muischnek 1926; Berenbaum 1989).

    ``D_i(y)`` is the dose at which drug ``i`` alone has the effect ``y``. A drug that never reaches ``y`` adds nothing there, so
    that beyond the weaker drug's top the stronger one carries the effect alone: there is always an answer. Drugs whose
    effect falls with dose take no part in an effect above their base.

    Parameters
    ----------
    drugs : curves of the drugs alone; best with one common base. Where bases differ, the answer starts at the highest of them.
    doses : one array a drug, in the unit of its curve, broadcast against each other.

    Returns
    -------
    Effect of the broadcast shape, exact to rounding. Where the equation has no root (no drug at all, or drugs that fall), the
    largest of the single effects.

    Raises
    ------
    InputError : if the numbers of curves and of doses differ, or there is none.
    """
    if not drugs or len(drugs) != len(doses):
        raise InputError(f"{len(drugs)} curves and {len(doses)} doses", "Loewe additivity", "give one array of doses a curve")
    amounts = np.broadcast_arrays(*(np.asarray(dose, dtype=np.float64) for dose in doses))
    shapes = [np.array([getattr(drug, name) for drug in drugs]) for name in ("base", "top", "slope", "ec50")]
    points = np.column_stack([amount.reshape(-1) for amount in amounts])
    solved = additive_effects(points, shapes[0], shapes[1], shapes[2], np.log(shapes[3])).reshape(amounts[0].shape)
    singles = np.maximum.reduce([drug.effect(dose) for drug, dose in zip(drugs, amounts, strict=True)])
    return np.where(np.isnan(solved), singles, solved)
