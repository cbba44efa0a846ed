"""Which analysis suits a designed group of wells, and its effects as rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coculture.errors import CocultureError, DataError
from coculture.plate.designs_of_mixtures.base import MixtureDesign
from coculture.screen.deconvolve.designed.effects import effects
from coculture.screen.deconvolve.designed.pooled_decoding import FEWEST_WELLS, decode
from coculture.screen.deconvolve.designed.rows import effect_rows
from coculture.screen.deconvolve.designed.taken_apart import taken_apart
from coculture.screen.deconvolve.designed.wells import DesignedWells
from coculture.screen.deconvolve.settings import MixtureSettings

MOST_FACTORS = 15
"""With more ingredients a two-level design that is no taking apart is searched for the few that act."""

CANDIDATE = "candidate: confirm it on fresh wells"
METHODS = {
    "leave-one-out": "contrasts of runs, noise between wells of a run",
    "factorial": "least squares",
    "pooled": "forward selection with permutation stop",
}


@dataclass(frozen=True)
class DesignEffects:
    """Effects of one designed group: ``rows`` (``designed.rows``), ``design`` and ``method`` that gave them, ``notes``."""

    rows: pd.DataFrame
    design: str
    method: str
    notes: tuple[str, ...] = ()


def design_effects(wells: DesignedWells, settings: MixtureSettings) -> DesignEffects:
    """Return what the wells tell of each ingredient and pair.

    ``auto`` takes a mixture apart where the whole (or nothing) and the whole without one ingredient (or one alone) were
    tested; otherwise it estimates all main effects, and pairs as far as the wells tell them, where there are enough
    mixtures and at most 15 ingredients or several levels; otherwise it searches pools for the few that act.

    Raises
    ------
    CocultureError : if the wells cannot tell what is asked.
    """
    kind = settings.design if settings.design != "auto" else suitable(wells.design)
    if kind == "leave-one-out":
        return DesignEffects(
            taken_apart(wells, settings.pairs, settings.confidence, settings.fdr, settings.minimum_effect),
            kind,
            METHODS[kind],
            _untested(wells),
        )
    return _factorial(wells, settings) if kind == "factorial" else _pooled(wells, settings)


def suitable(design: MixtureDesign) -> str:
    """Return ``leave-one-out``, ``factorial`` or ``pooled``."""
    count = len(design.ingredients)
    if design.level_count > 2:
        return "factorial"
    size = design.levels.sum(axis=1)
    lost, alone = ((size == members).any() * int((size == one).sum()) for members, one in ((count, count - 1), (0, 1)))
    others = int((~np.isin(size, (0, 1, 2, count - 2, count - 1, count))).sum())
    if (lost or alone) and (others == 0 or 2 * max(lost, alone) >= count):
        return "leave-one-out"
    return "factorial" if count <= MOST_FACTORS and design.runs >= count + 1 else "pooled"


def _untested(wells: DesignedWells) -> tuple[str, ...]:
    count = np.bincount(wells.run, minlength=wells.design.runs)
    single = int((count == 1).sum())
    return (f"{single} mixtures have a single well and borrow the noise of the others",) if single else ()


def _factorial(wells: DesignedWells, settings: MixtureSettings) -> DesignEffects:
    """Estimate main effects, with pairs and curvature as far as the wells tell them from each other and from noise."""
    several = wells.design.level_count > 2
    count = len(wells.design.ingredients)
    asked = [("all", several), ("all", False)] if settings.pairs and wells.design.runs > count * (count + 1) // 2 + 1 else []
    tries = [*asked, ("none", several), ("none", False)]
    for place, (pairs, squares) in enumerate(tries):
        try:
            found = effects(wells, pairs, squares, settings.confidence)
        except DataError:
            if place == len(tries) - 1:
                raise
            continue
        break
    table = found.table
    parts = pd.DataFrame([(*str(term).removesuffix("²").split(" × ", 1), "")[:2] for term in table["term"]], dtype=object)
    rows = [
        effect_rows(
            {"main": "main effect", "pair": "pair interaction", "square": "curvature"}[str(kind)],
            parts.loc[own.index, 0],
            parts.loc[own.index, 1],
            fdr=settings.fdr,
            **{name: own[name] for name in ("effect", "low", "high", "p_value", "q_value")},
        )
        for kind, own in table.groupby("kind", sort=False)
    ]
    notes = list(found.notes)
    if settings.pairs and pairs == "none":
        notes.append("pairs were not estimated: the mixtures cannot tell them apart")
    return DesignEffects(pd.concat(rows, ignore_index=True), "factorial", METHODS["factorial"], tuple(notes))


def _pooled(wells: DesignedWells, settings: MixtureSettings) -> DesignEffects:
    """Search the pools, and judge candidates by wells that hold one or two ingredients, where there are such."""
    size = wells.design.levels.sum(axis=1)[wells.run]
    pools, small = _chosen(wells, size > 2), _chosen(wells, size <= 2)
    if pools.response.size < FEWEST_WELLS:
        pools = _chosen(wells, size > 0)
    found = decode(pools, level=settings.fdr, pairs=settings.pairs, seed=settings.seed)
    table, rows = found.table, []
    for kind in ("main", "pair"):
        own = table[table["kind"] == kind]
        half = 1.96 * own["standard_error"]
        part = effect_rows(
            "candidate" if kind == "main" else "candidate pair",
            own["first"],
            own["second"],
            effect=own["effect"],
            low=own["effect"] - half,
            high=own["effect"] + half,
            p_value=own["step_p"],
            reading=CANDIDATE,
            fdr=settings.fdr,
        )
        rows.append(part.assign(called=False))
    notes = [] if len(table) else ["no ingredient and no pair stands out from the pools"]
    try:
        rows.append(taken_apart(small, settings.pairs, settings.confidence, settings.fdr, settings.minimum_effect))
    except CocultureError:
        notes.append("no candidate was confirmed: test candidates alone, together and beside nothing")
    return DesignEffects(pd.concat(rows, ignore_index=True), "pooled", METHODS["pooled"], tuple(notes))


def _chosen(wells: DesignedWells, keep: np.ndarray) -> DesignedWells:
    return DesignedWells(wells.design, wells.run[keep], wells.response[keep], wells.equal_noise)
