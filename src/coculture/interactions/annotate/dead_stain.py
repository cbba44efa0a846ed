"""Dead cells told by a stain: one that only dead cells take up (propidium iodide), or one that only living cells keep (calcein).

The threshold is given, or learnt from the negative controls, most of whose cells live: it lies ``spreads`` robust standard
deviations of the logarithm of the stain beyond its median, ``exp(m ± k · 1.4826 · MAD)`` (median absolute deviation; Leys
et al. 2013, J Exp Soc Psychol 49:764). Controls with half their cells dead cannot be learnt from; give a threshold there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.interactions.annotate.base import Learnt, need_features

MINIMUM_CELLS = 50
MAD_TO_SD = 1.4826
USUAL_SPREADS = 4.0
WHERE = "dead_cells"


@dataclass(frozen=True)
class DeadStain:
    """Cells whose stain lies on one side of a threshold are dead.

    Attributes
    ----------
    feature : a positive feature of the cell table, as ``nucleus_intensity_mean_pi``.
    dead : the side on which cells are dead.
    threshold : where to cut, in the feature's own unit; learnt from the plate where None.
    spreads : how many robust standard deviations beyond the controls' median a learnt threshold lies.

    Of cells that live, whose log stain is normal, about 3 in 100,000 lie beyond 4 of them.
    """

    feature: str
    dead: Literal["above", "below"] = "above"
    threshold: float | None = None
    spreads: float = USUAL_SPREADS

    @property
    def learns(self) -> bool:
        """Whether it learns from each plate's negative controls."""
        return self.threshold is None

    def learn(self, cells: pd.DataFrame) -> Learnt:
        """Return the threshold, and what it was made from.

        Parameters
        ----------
        cells : cells of negative controls.

        Raises
        ------
        InputError : if the stain was not measured.
        DataError : if there are fewer than 50 cells with a positive stain, or more than half of them are equal.
        """
        need_features(cells, (self.feature,), f"{WHERE}.feature")
        values = cells[self.feature].to_numpy(dtype=np.float64)
        logs = np.log(values[np.isfinite(values) & (values > 0)])
        if logs.size < MINIMUM_CELLS:
            what = f"{logs.size} cells with a positive stain are too few to learn a threshold from"
            raise DataError(what, WHERE, f"at least {MINIMUM_CELLS} are needed; give a threshold instead")
        centre = float(np.median(logs))
        spread = MAD_TO_SD * float(np.median(np.abs(logs - centre)))
        if spread == 0.0:
            what = "more than half of the controls' cells have the same stain, so that its spread is 0"
            raise DataError(what, WHERE, "give a threshold, or another feature of the stain")
        side = 1.0 if self.dead == "above" else -1.0
        cut = float(np.exp(centre + side * self.spreads * spread))
        return {"n_cells": int(logs.size), "median": float(np.exp(centre)), "threshold": cut}

    def judge(self, cells: pd.DataFrame, learnt: Learnt | None) -> NDArray[np.bool_]:
        """Return (n,) which cells are dead. A cell whose stain could not be measured is not called dead.

        Raises
        ------
        InputError : if the stain was not measured, or the threshold has to be learnt first.
        """
        need_features(cells, (self.feature,), f"{WHERE}.feature")
        cut = self.threshold if self.threshold is not None else (learnt or {}).get("threshold")
        if cut is None:
            raise InputError("neither a threshold nor a learnt one was given", WHERE, "prepare the plate first")
        values = cells[self.feature].to_numpy(dtype=np.float64)
        dead: NDArray[np.bool_] = values > cut if self.dead == "above" else values < cut
        return dead
