"""What is learnt from some wells of a plate before any well is judged, kept so that workers and resumed runs use the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from coculture.errors import CocultureError, DataError, Problem
from coculture.sources.preparation import read_prepared, write_prepared

WELLS_TO_LEARN_FROM = 8
"""Wells of a plate from which something is learnt."""

MeasureWell = Callable[[str, str], pd.DataFrame]
"""Measures one well: (plate, well) → its cells."""

Learn = Callable[[pd.DataFrame], dict[str, Any]]
"""Learns from cells; what it gives is kept as JSON."""


def learn_from_controls(
    key: str, learn: Learn, folder: Path, plates: Sequence[str], controls: Callable[[str], list[str]], measure: MeasureWell
) -> None:
    """Learn from the controls of every plate, and keep it with the plate under ``key``; what is kept already stays.

    Raises
    ------
    DataError : if the cells do not support it.
    """
    for plate in plates:
        if not is_learnt(key, folder, plate):
            wells = spread_choice(controls(plate), WELLS_TO_LEARN_FROM)
            keep(key, folder, plate, learnt_from(key, learn, [(plate, well) for well in wells], measure, f"plate {plate}"))


def learnt_from(key: str, learn: Learn, wells: Sequence[tuple[str, str]], measure: MeasureWell, where: str) -> dict[str, Any]:
    """Return what is learnt from the cells of some wells.

    Raises
    ------
    DataError : if there are no cells, or they do not support it; with the wells named.
    """
    tables = [table for table in (measure(plate, well) for plate, well in wells) if len(table)]
    names, topic = ", ".join(well for _, well in wells), key.replace("_", " ")
    if not tables:
        what = f"no cell was found to learn the {topic} from"
        raise DataError(what, f"{where}, {topic}, wells {names}", "look at these wells")
    try:
        return {"wells": [well for _, well in wells], **learn(pd.concat(tables, ignore_index=True))}
    except DataError as error:
        raise DataError(_placed(error, f"{where}, {topic}, wells {names}")) from error


def is_learnt(key: str, folder: Path, plate: str) -> bool:
    """Return whether a plate has something under ``key``."""
    return key in (read_prepared(folder, plate) or {})


def keep(key: str, folder: Path, plate: str, learnt: dict[str, Any]) -> None:
    """Keep what was learnt with its plate."""
    write_prepared(folder, plate, (read_prepared(folder, plate) or {}) | {key: learnt})


def kept(key: str, folder: Path, plate: str) -> dict[str, Any] | None:
    """Return what was learnt from a plate, None where nothing was."""
    return (read_prepared(folder, plate) or {}).get(key)


def spread_choice(wells: list[str], most: int) -> list[str]:
    """Return at most ``most`` of ``wells``, evenly spread over their order."""
    if len(wells) <= most:
        return wells
    return [wells[i] for i in np.linspace(0, len(wells) - 1, most).round().astype(int)]


def _placed(error: CocultureError, where: str) -> list[Problem]:
    return [Problem(problem.what, where, problem.remedy) for problem in error.problems]
