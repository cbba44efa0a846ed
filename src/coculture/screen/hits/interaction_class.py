"""Is it a hit between cells, a killer, both, or neither?

==========================  ====================================================================
``interaction-specific``    the read-out changed, its guards say so too, and viability did not fall
``cytotoxic``               viability fell (cells died or divided less), and no interaction is called
``both``                    both
``inactive``                neither
``not judged``              the guarded test or the viability is missing; or the read-out is about something else
==========================  ====================================================================
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.false_discovery import benjamini_hochberg
from coculture.screen.hits.guards import Guard
from coculture.screen.hits.intersection_union import OneSided, intersection_union
from coculture.screen.hits.viability import Viability
from coculture.screen.settings import AnalysisSettings, Readout

SPECIFIC, CYTOTOXIC, BOTH, INACTIVE, NOT_JUDGED = "interaction-specific", "cytotoxic", "both", "inactive", "not judged"
CLASSES = (SPECIFIC, CYTOTOXIC, BOTH, INACTIVE, NOT_JUDGED)


def with_viability(frame: pd.DataFrame, viability: Viability) -> pd.DataFrame:
    """Return the effects with each treatment's viability, not yet in classes."""
    return frame.assign(
        viability_effect=viability.effect,
        viability_low=viability.low,
        viability_high=viability.high,
        guarded_p_value=np.nan,
        guarded_q_value=np.nan,
        interaction_class=NOT_JUDGED,
    )


def classes_of(called: NDArray[np.bool_], viability: Viability, p: Floats, settings: AnalysisSettings) -> NDArray[np.str_]:
    """Return the class of each treatment: by its call, and by whether cells are lost; not judged without p or viability."""
    lowered = viability.lowered(settings.viability_minimum_percent)
    judged = np.isfinite(p) & np.isfinite(viability.effect)
    kinds = np.select([called & lowered, called, lowered], [BOTH, SPECIFIC, CYTOTOXIC], INACTIVE)
    return np.where(judged, kinds, NOT_JUDGED)


def guarded(
    frame: pd.DataFrame, own: OneSided, guards: list[Guard], viability: Viability, readout: Readout, settings: AnalysisSettings
) -> pd.DataFrame:
    """Return the effects of a read-out about interaction with guarded p-values, calls and classes.

    ``frame`` comes from :func:`with_viability`, its column ``hit`` by the read-out alone.
    """
    p = intersection_union([own, *(guard.test for guard in guards)], readout.direction)
    q = benjamini_hochberg(p)
    alone = frame["hit"].to_numpy(bool)
    strong = frame["effect"].abs().to_numpy() >= settings.minimum_effect_of(readout)
    with np.errstate(invalid="ignore"):
        called = (q <= settings.fdr) & strong
    notes = _notes(frame, alone & ~called, p, guards, viability, settings)
    return frame.assign(
        guarded_p_value=p, guarded_q_value=q, hit=called, interaction_class=classes_of(called, viability, p, settings), note=notes
    )


def _notes(
    frame: pd.DataFrame, refused: np.ndarray, p: np.ndarray, guards: list[Guard], viability: Viability, settings: AnalysisSettings
) -> list[str]:
    """Add to each row's note why a change was not called, or why a row is in no class."""
    doubtful = viability.doubtful(settings.viability_minimum_percent)
    found = []
    for index, note in enumerate(frame["note"]):
        parts = [note] if note else []
        if np.isfinite(frame["p_value"].iloc[index]) and not np.isfinite(p[index]):
            parts.append("not judged as interaction: " + "; ".join(_missing(index, guards)))
        elif refused[index]:
            parts.append(f"no interaction hit: {_weakest(index, guards, frame['direction'].iloc[index])} does not show it")
        if not np.isfinite(viability.effect[index]):
            parts.append(f"in no class: no viability ({viability.column})")
        elif doubtful[index]:
            parts.append(f"viability may lie below {settings.viability_minimum_percent:g} %")
        found.append("; ".join(parts))
    return found


def _missing(index: int, guards: list[Guard]) -> list[str]:
    return [
        f"{guard.name} {guard.lacking or 'cannot be tested here'}" for guard in guards if not np.isfinite(guard.test.up[index])
    ] or ["nothing guards it"]


def _weakest(index: int, guards: list[Guard], direction: str) -> str:
    """Return the guard that speaks against a change in this direction most."""
    if not guards:
        return "its own test among all treatments"
    against = [guard.test.up[index] if direction == "up" else guard.test.down[index] for guard in guards]
    return guards[int(np.argmax(against))].name
