"""From which cells a rule of cell types learns, and what is kept of it for the wells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from coculture.errors import CocultureError, DataError, Problem
from coculture.interactions.annotate.base import Learnt, TypeRule
from coculture.interactions.annotate.classifier import ClassifierRule
from coculture.sources.preparation import read_prepared, write_prepared

WELLS_TO_LEARN_FROM = 8
"""Wells of a plate from which a rule learns."""

KEPT_AS = "cell_types"
"""Key in what is kept of a plate."""

MeasureWell = Callable[[str, str], pd.DataFrame]
"""Measures one well: (plate, well) → its cells."""


def learn_types(
    rule: TypeRule, folder: Path, plates: Sequence[str], controls: Callable[[str], list[str]], measure: MeasureWell
) -> None:
    """Learn what the rule needs, and keep it with every plate.

    Parameters
    ----------
    rule : how types are told apart.
    folder : the results folder.
    plates : the screen's plates.
    controls : the wells of a plate from which a rule may learn.
    measure : measures one well.

    Raises
    ------
    DataError : if the cells do not support it.
    """
    if rule.learns_from == "controls":
        for plate in plates:
            if not _is_learnt(folder, plate):
                wells = spread_choice(controls(plate), WELLS_TO_LEARN_FROM)
                _keep(folder, plate, _learnt(rule, [(plate, well) for well in wells], measure, f"plate {plate}"))
    elif isinstance(rule, ClassifierRule) and not all(_is_learnt(folder, plate) for plate in plates):
        learnt = _learnt(rule, rule.labels.wells, measure, "labelled cells")
        for plate in plates:
            _keep(folder, plate, learnt)


def with_types(rule: TypeRule | None, folder: Path, plate: str, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with their types, using what was learnt."""
    if rule is None or cells.empty:
        return cells
    return rule.annotate(cells, (read_prepared(folder, plate) or {}).get(KEPT_AS))


def spread_choice(wells: list[str], most: int) -> list[str]:
    """Return at most ``most`` of ``wells``, evenly spread over their order."""
    if len(wells) <= most:
        return wells
    return [wells[i] for i in np.linspace(0, len(wells) - 1, most).round().astype(int)]


def _is_learnt(folder: Path, plate: str) -> bool:
    return KEPT_AS in (read_prepared(folder, plate) or {})


def _keep(folder: Path, plate: str, learnt: dict[str, Any]) -> None:
    write_prepared(folder, plate, (read_prepared(folder, plate) or {}) | {KEPT_AS: learnt})


def _learnt(rule: TypeRule, wells: Sequence[tuple[str, str]], measure: MeasureWell, where: str) -> Learnt:
    tables = [table for table in (measure(plate, well) for plate, well in wells) if len(table)]
    names = ", ".join(well for _, well in wells)
    if not tables:
        what = "no cell was found to learn the cell types from"
        raise DataError(what, f"{where}, cell types, wells {names}", "look at these wells")
    try:
        return {"wells": [well for _, well in wells], **rule.learn(pd.concat(tables, ignore_index=True))}
    except DataError as error:
        raise DataError(_placed(error, f"{where}, cell types, wells {names}")) from error


def _placed(error: CocultureError, where: str) -> list[Problem]:
    return [Problem(problem.what, where, problem.remedy) for problem in error.problems]
