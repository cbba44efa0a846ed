"""A culture saved whole and restored so that it goes on as if it had never stopped.

One NumPy archive (``.npz``) holds every array of the population, the rules' values, what processes keep for each cell, the step,
the key, the events, and the state of the surroundings where they have one. Cell types, rules and rates are not in the file: they
belong to the model, which must have the same shape, but whose numbers may differ, as where a drug is added at a branch. Saving
the same culture twice gives the same bytes.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.cells.model import CellModel
from coculture.cells.population import Population
from coculture.cells.process import World
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Lasting, Surroundings
from coculture.errors import FileError, Problem
from coculture.store.atomic import written_file

_FORMAT = "coculture cells 1"
_CELLS, _KEPT, _AROUND = "cells/", "kept/", "surroundings/"

Arrays = dict[str, NDArray[Any]]


def save(simulation: Simulation, path: Path) -> None:
    """Write the culture to ``path``, whole or not at all.

    Raises
    ------
    FileError : if the file cannot be written.
    """
    world = simulation.world
    arrays: Arrays = {
        "format": np.array(_FORMAT),
        "model": np.array(json.dumps(_shape_of(world.model))),
        "clock": np.array([world.step, world.cells.next_id], np.int64),
        "key": np.array(world.key, np.uint64),
        "by_cell": world.parameters.by_cell,
        "notes": np.array(json.dumps(world.notes)),
        "event_time": np.array([event[0] for event in world.events], np.float64),
        "event_name": np.array(json.dumps([event[1] for event in world.events])),
        "event_cells": np.array([event[2:] for event in world.events], np.int64).reshape(-1, 2),
    }
    arrays |= {_CELLS + name: array for name, array in world.cells.arrays().items()}
    arrays |= {_KEPT + name: array for name, array in world.kept_by_cell.items()}
    if isinstance(world.surroundings, Lasting):
        arrays |= {_AROUND + name: array for name, array in world.surroundings.state().items()}
    with written_file(path) as temporary, temporary.open("wb") as handle:
        np.savez(handle, allow_pickle=False, **arrays)


def restore(path: Path, model: CellModel, surroundings: Surroundings) -> Simulation:
    """Return the culture saved at ``path``, to go on in the given surroundings.

    Parameters
    ----------
    path : a file that :func:`save` wrote.
    model : the same types, solutes, internal numbers, phases, rules' behaviours, dimensions and clock as when it was saved.
    surroundings : of the same kind as then; where they last (see :class:`~coculture.cells.surroundings.Lasting`) they take their
        saved state.

    Raises
    ------
    FileError : if the file is missing, is no saved culture, or belongs to another model or other surroundings.
    """
    arrays = _read(path)
    _check_model(arrays, model, path)
    step, next_id = (int(number) for number in arrays["clock"])
    cells = Population(**_under(_CELLS, arrays), next_id=next_id)
    parameters = model.parameters(len(cells), cells.type)
    if parameters.by_cell.shape != arrays["by_cell"].shape:
        raise FileError("the rules change other behaviours than when it was saved", str(path), "give the model it was saved with")
    parameters.by_cell = arrays["by_cell"]
    world = World(model, cells, parameters, surroundings, np.uint64(arrays["key"]), step * model.steps.mechanics_min, step)
    world.notes = json.loads(str(arrays["notes"]))
    names, pairs = json.loads(str(arrays["event_name"])), arrays["event_cells"].tolist()
    world.events = [(time, name, *pair) for time, name, pair in zip(arrays["event_time"].tolist(), names, pairs, strict=True)]
    world.kept_by_cell = _under(_KEPT, arrays)
    _restore_surroundings(_under(_AROUND, arrays), surroundings, path)
    return Simulation.of(world)


def _shape_of(model: CellModel) -> dict[str, object]:
    """Return what the rows and columns of a saved culture mean."""
    return {
        "types": list(model.type_names),
        "phases": [[phase.name for phase in one.cycle.phases] for one in model.types],
        "solutes": list(model.solutes),
        "internal numbers": list(model.internal),
        "dimensions": model.dimensions,
        "clock": [model.steps.mechanics_min, model.steps.contact_min, model.steps.phenotype_min],
    }


def _read(path: Path) -> Arrays:
    try:
        with path.open("rb") as handle, np.load(handle, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except FileNotFoundError as error:
        raise FileError("there is no such file", str(path)) from error
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise FileError("is no saved culture", str(path), "give a file that was written by save") from error
    if str(arrays.get("format", "")) != _FORMAT:
        raise FileError("is no saved culture", str(path), "give a file that was written by save")
    return arrays


def _check_model(arrays: Arrays, model: CellModel, path: Path) -> None:
    saved, given = json.loads(str(arrays["model"])), _shape_of(model)
    remedy = "give the model it was saved with"
    wrong = [
        Problem(f"was saved with {name} {saved[name]}, the model has {given[name]}", str(path), remedy)
        for name in given
        if saved[name] != given[name]
    ]
    if wrong:
        raise FileError(wrong)


def _restore_surroundings(state: Arrays, surroundings: Surroundings, path: Path) -> None:
    lasting = isinstance(surroundings, Lasting)
    if lasting != bool(state):
        found = "holds no state of surroundings" if lasting else "holds a state of surroundings that the given ones cannot take"
        raise FileError(found, str(path), "give surroundings of the kind it was saved with")
    if isinstance(surroundings, Lasting):
        surroundings.take_state(state)


def _under(prefix: str, arrays: Arrays) -> Arrays:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
