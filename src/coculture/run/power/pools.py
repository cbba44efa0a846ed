"""Wells to draw from, and a screen drawn from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.plate.layout import Layout
from coculture.run.power.design import ScreenDesign

ORIGIN = "origin"
"""Column of a pool: wells of one origin (a plate) were treated alike and may be compared."""

EFFECT, NULL = "effect", "null"
"""How treatments of a drawn screen are called: those with the effect, by its size, and those without."""

LAYOUTS = (96, 384, 1536)
"""Plates a drawn screen is laid on, the smallest that holds it."""


@dataclass(frozen=True, eq=False)
class Pools:
    """Wells of one density of cells.

    Attributes
    ----------
    density : cells as a multiple of the recipe's.
    control : wells without effect, one row a well with its numbers and its :data:`ORIGIN`.
    positive : positive controls, likewise; may be empty.
    effects : wells with the effect, by its size; likewise.
    shifted : whether wells with the effect are those without, shifted: row for row the same.
    """

    density: float
    control: pd.DataFrame
    positive: pd.DataFrame
    effects: Mapping[float, pd.DataFrame]
    shifted: bool = False

    @property
    def sizes(self) -> tuple[float, ...]:
        """Effect sizes, ascending."""
        return tuple(sorted(self.effects))


def effect_name(size: float) -> str:
    """Return how a treatment with an effect of this size is called."""
    return f"{EFFECT} {size:g}"


def drawn_screen(
    pools: Pools, design: ScreenDesign, replicates: int, sizes: Sequence[float], random: np.random.Generator
) -> pd.DataFrame:
    """Draw the wells of one screen, with replacement, all from one origin.

    One treatment has the effect in each of ``sizes``; all others of the design have none.

    Parameters
    ----------
    pools : wells to draw from.
    design : how many of what.
    replicates : wells of a treatment.
    sizes : effect sizes, at most as many as there are treatments; none: nothing has an effect.
    random : draws.

    Returns
    -------
    A well table as the screening engine takes it.
    """
    origin = str(random.choice(np.unique(pools.control[ORIGIN].astype(str).to_numpy(object))))
    without = design.treatments_with(replicates, LAYOUTS[-1]) - len(sizes)
    nulls = np.repeat([f"{NULL} {k}" for k in range(1, without + 1)], replicates)
    dosed = [_some(pools.effects[size], origin, np.repeat(effect_name(size), replicates), "treatment", random) for size in sizes]
    parts = [
        _some(pools.control, origin, np.repeat("vehicle", design.negatives), "negative", random),
        _some(pools.positive, origin, np.repeat("positive", design.positives), "positive", random),
        *dosed,
        _some(pools.control, origin, nulls, "treatment", random),
    ]
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    layout = Layout.of(next(size for size in LAYOUTS if size >= len(table)))
    places = layout.wells()[: len(table)]
    treated = (table["role"] != "negative").astype(float)
    return table.assign(plate="P1", well=places, treatment=table["compound"], dose=treated, dose_unit="uM", condition="")


def _some(pool: pd.DataFrame, origin: str, names: NDArray[np.str_], role: str, random: np.random.Generator) -> pd.DataFrame:
    """Return a well for each of ``names``, drawn from those of the origin, or from all where it has none."""
    own = pool[pool[ORIGIN].astype(str) == origin] if len(pool) else pool
    own = own if len(own) else pool
    chosen = own.iloc[random.integers(0, len(own), len(names))] if len(own) else own
    return chosen.drop(columns=ORIGIN).assign(role=role, compound=names[: len(chosen)].astype(object))
