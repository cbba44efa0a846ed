"""From the recipe's section on cell types to the rule that gives them."""

from __future__ import annotations

from pathlib import Path

from coculture.errors import InputError, Problem
from coculture.interactions.annotate.base import TypeRule
from coculture.interactions.annotate.classifier import ClassifierRule
from coculture.interactions.annotate.labels import LabelledCells
from coculture.interactions.annotate.marker import MarkerRule
from coculture.interactions.annotate.nuclear_shape import NuclearShapeRule
from coculture.run.cell_labels import read_cell_labels
from coculture.run.plan import Plan
from coculture.run.recipe.cell_types import ClassifierTypes, MarkerTypes, NuclearShapeTypes


def cell_type_rule(plan: Plan) -> TypeRule | None:
    """Return how the cells of a plan are told apart, None where they are all of one type.

    Raises
    ------
    FileError, InputError : if the table of labelled cells cannot be used.
    """
    asked = plan.loaded.settings.cell_types
    match asked:
        case MarkerTypes():
            return MarkerRule(asked.feature, asked.above, asked.below, asked.threshold)
        case NuclearShapeTypes():
            return NuclearShapeRule(asked.types, asked.features)
        case ClassifierTypes():
            return ClassifierRule(asked.types, _labels(plan, asked), asked.features, asked.minimum_accuracy)
    return None


def labels_file(plan: Plan) -> Path | None:
    """Return the table of labelled cells, None where the recipe names none."""
    asked = plan.loaded.settings.cell_types
    return plan.loaded.resolve(asked.labels) if isinstance(asked, ClassifierTypes) else None


def _labels(plan: Plan, asked: ClassifierTypes) -> LabelledCells:
    file = plan.loaded.resolve(asked.labels)
    one_plate = plan.plate_map.plates[0] if len(plan.plate_map.plates) == 1 else ""
    labels = read_cell_labels(file, plan.plate_map.layout, one_plate, asked.types, asked.reach_um)
    strange = [f"{plate} {well}".strip() for plate, well in labels.wells if (plate, well) not in plan.wells]
    if strange:
        what = f"cells are labelled in wells the screen does not have: {', '.join(strange[:5])}"
        raise InputError(Problem(what, str(file), "name plate and well as in the plate map"))
    return labels
