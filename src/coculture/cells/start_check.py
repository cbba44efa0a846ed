"""Is a population one that can live by its model? Said before anything moves, all faults at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from coculture.cells.model import CellModel, Steps
from coculture.cells.population import LYSED, Population
from coculture.cells.rule_checks import rule_problems
from coculture.errors import InputError, Problem

_WHOLE = ("cell_id", "parent_id", "type", "state", "phase", "target")
_WIDE = {"position": 3, "velocity": 3, "heading": 3}
_NOT_NEGATIVE = ("fluid", "nuclear_solid", "cytoplasmic_solid", "nuclear", "death_volume", "phase_min", "attack_min", "damage")


def check_start(model: CellModel, cells: Population, key: int) -> None:
    """Refuse cells that do not fit the model, a clock whose ticks do not divide each other, and a key that is none.

    Raises
    ------
    InputError : with every fault, and the first row that has it.
    """
    problems = [*_clock_faults(model.steps), *_key_faults(key), *_model_faults(model), *_shape_faults(model, cells)]
    problems += rule_problems(model)
    if not problems:
        problems = list(_value_faults(model, cells))
    if problems:
        raise InputError(problems)


def _clock_faults(steps: Steps) -> Iterator[Problem]:
    ticks = (("mechanics_min", steps.mechanics_min), ("contact_min", steps.contact_min), ("phenotype_min", steps.phenotype_min))
    bad = [Problem(f"a tick of {tick} min", f"steps.{name}", "give a time > 0") for name, tick in ticks if not 0 < tick < np.inf]
    yield from bad
    if bad:
        return
    for (short_name, short), (name, long) in pairwise(ticks):
        times = long / short
        if round(times) < 1 or abs(times - round(times)) > 1e-6:
            yield Problem(
                f"{long:g} min is no whole multiple of {short_name} = {short:g} min", f"steps.{name}", "give a multiple"
            )


def _key_faults(key: int) -> Iterator[Problem]:
    if not 0 <= int(key) < 2**64:
        yield Problem(f"{key} is no random key", "key", "give a whole number from 0 to 2⁶⁴ − 1")


def _model_faults(model: CellModel) -> Iterator[Problem]:
    if model.dimensions not in (2, 3):
        yield Problem(f"{model.dimensions} dimensions", "model.dimensions", "2 or 3")
    if not (np.isfinite(model.contact_gap_um) and model.contact_gap_um >= 0):
        yield Problem(f"{model.contact_gap_um} is no gap", "model.contact_gap_um", "give a length in µm, >= 0")
    known = set(model.behaviour_names)
    for one in model.types:
        for name in sorted(set(one.behaviours) - known):
            yield Problem(f"there is no behaviour '{name}'", f"type '{one.name}'", "see the table of behaviours")


def _shape_faults(model: CellModel, cells: Population) -> Iterator[Problem]:
    n = len(cells)
    for name, array in cells.arrays().items():
        wanted = (n, _WIDE[name]) if name in _WIDE else (n, len(model.internal)) if name == "internal" else (n,)
        kind = "int64" if name in _WHOLE else "float64"
        if array.shape != wanted or array.dtype != kind:
            yield Problem(f"shape {array.shape} of {array.dtype}, expected {wanted} of {kind}", f"cells.{name}")


def _value_faults(model: CellModel, cells: Population) -> Iterator[Problem]:
    for name, array in cells.arrays().items():
        if array.dtype.kind == "f":
            yield from _first(~np.isfinite(array).all(axis=tuple(range(1, array.ndim))), f"cells.{name}", "not finite", array)
    for name in _NOT_NEGATIVE:
        yield from _first(getattr(cells, name) < 0, f"cells.{name}", "negative", getattr(cells, name))
    yield from _first(cells.radius <= 0, "cells.radius", "not > 0", cells.radius)
    yield from _first((cells.state < 0) | (cells.state > LYSED), "cells.state", f"no state (0 to {LYSED})", cells.state)
    unknown = (cells.type < 0) | (cells.type >= len(model.types))
    yield from _first(unknown, "cells.type", f"no type of the model, which has {len(model.types)}", cells.type)
    if not unknown.any() and len(cells):
        phases = np.array([max(1, len(one.cycle.phases)) for one in model.types])[cells.type]
        yield from _first((cells.phase < 0) | (cells.phase >= phases), "cells.phase", "no phase of its type's cycle", cells.phase)
    if model.dimensions == 2:
        yield from _first(
            cells.position[:, 2] != 0, "cells.position", "off the plane z = 0 of a model in 2 dimensions", cells.position
        )
    yield from _id_faults(cells)


def _id_faults(cells: Population) -> Iterator[Problem]:
    yield from _first(cells.cell_id < 0, "cells.cell_id", "negative", cells.cell_id)
    ids, counts = np.unique(cells.cell_id, return_counts=True)
    if (counts > 1).any():
        yield Problem(
            f"id {ids[counts > 1][0]} is given {counts[counts > 1][0]} times", "cells.cell_id", "give every cell an id of its own"
        )
    if len(ids) and cells.next_id <= ids[-1]:
        yield Problem(
            f"the next id is {cells.next_id}, but id {ids[-1]} is in use", "cells.next_id", f"give {ids[-1] + 1} or more"
        )


def _first(bad: NDArray[np.bool_], where: str, what: str, values: NDArray[np.generic]) -> Iterator[Problem]:
    """Yield the fault of the first bad row, and how many there are."""
    rows = np.flatnonzero(bad)
    if rows.size:
        yield Problem(f"{rows.size} cells have a value that is {what}; the first is row {rows[0]} with {values[rows[0]]}", where)
