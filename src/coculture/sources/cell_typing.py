"""From which cells a rule of cell types learns, and what is kept of it for the wells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from coculture.interactions.annotate.base import TypeRule
from coculture.interactions.annotate.classifier import ClassifierRule
from coculture.sources.learning import MeasureWell, is_learnt, keep, kept, learn_from_controls, learnt_from

KEPT_AS = "cell_types"
"""Key in what is kept of a plate."""


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
        learn_from_controls(KEPT_AS, rule.learn, folder, plates, controls, measure)
    elif isinstance(rule, ClassifierRule) and not all(is_learnt(KEPT_AS, folder, plate) for plate in plates):
        learnt = learnt_from(KEPT_AS, rule.learn, rule.labels.wells, measure, "labelled cells")
        for plate in plates:
            keep(KEPT_AS, folder, plate, learnt)


def with_types(rule: TypeRule | None, folder: Path, plate: str, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with their types, using what was learnt."""
    if rule is None or cells.empty:
        return cells
    return rule.annotate(cells, kept(KEPT_AS, folder, plate))
