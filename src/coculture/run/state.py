"""What a results folder is the result of, written when a run begins, so that only the same run goes on in it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import coculture
from coculture.errors import FileError, InputError, Problem
from coculture.run.ledger import LEDGER_NAME
from coculture.run.lock import LOCK_NAME, WORKERS_NAME
from coculture.run.recipe.recipe import Recipe
from coculture.run.well_files import WORK_FOLDER
from coculture.store.atomic import PREFIX, write_bytes
from coculture.store.store_note import NOTE_FILE

STATE_FILE = "begun.json"
PLAN_FILE = "planned.json"

OURS = (
    *("cells", "contacts", "fields", "courses", "doses", "medium", "images", "rendered", "prepared", LEDGER_NAME),
    *("recipe.toml", "run.json", "screen.duckdb", "report.html", NOTE_FILE),
    *("wells.parquet", "quality.parquet", "normalised.parquet", "hits.parquet", "curves.parquet", "bands.parquet"),
    *("combinations.parquet", "surfaces.parquet", "mixture_effects.parquet", "ingredients.parquet"),
    *("profiles.parquet", "profile_activity.parquet", "mechanism_matches.parquet", "profile_similarities.parquet"),
)
"""Everything a run writes into its folder; ``--fresh`` removes these and nothing else."""

AFTER_THE_WELLS = ("analysis", "dose_response", "combination", "mixture", "report")
"""Sections of the recipe that no well depends on: they may change between two runs in one folder."""


@dataclass(frozen=True)
class RunState:
    """The fingerprint of a run.

    Attributes
    ----------
    version : version of coculture.
    recipe : the recipe's sections that wells depend on, as plain values.
    inputs : SHA-256 over the names and sizes of the input files and over the plate map.
    """

    version: str
    recipe: dict[str, Any]
    inputs: str


def state_of(recipe: Recipe, inputs: Mapping[str, int], plate_map_hash: str) -> RunState:
    """Return the fingerprint of a run.

    Parameters
    ----------
    recipe : the recipe.
    inputs : size in bytes of each input file, by name.
    plate_map_hash : SHA-256 of what is in the wells.
    """
    tree = recipe.model_dump(mode="json", exclude=set(AFTER_THE_WELLS))
    listing = json.dumps([sorted(inputs.items()), plate_map_hash]).encode()
    return RunState(coculture.__version__, tree, hashlib.sha256(listing).hexdigest())


def is_empty(results: Path) -> bool:
    """Tell whether the folder holds nothing but locks and what a kill left of a run that had hardly begun."""
    names = {path.name for path in results.iterdir()} - {LOCK_NAME, WORKERS_NAME}
    if names - {WORK_FOLDER}:
        return False
    work = results / WORK_FOLDER
    return not work.is_dir() or all(path.name.startswith(PREFIX) for path in work.iterdir())


def begin(results: Path, state: RunState, *, fresh: bool = False) -> None:
    """Begin a run in ``results``, or make sure that the run begun there is this one.

    Parameters
    ----------
    results : the results folder.
    state : the run's fingerprint.
    fresh : remove what an earlier run left and begin anew, whatever it was.

    Raises
    ------
    FileError : if the folder holds something else.
    InputError : if another recipe, other inputs or another version began there; says what differs.
    """
    before = state_in(results)
    if before is None and not is_empty(results):
        raise FileError("this folder holds files that no run began", str(results), "name another folder with -o")
    if before is not None and fresh:
        clear(results)
    elif before is not None and before != state:
        raise InputError(_differences(before, state, results))
    if before != state:
        write_bytes(_state_path(results), json.dumps(asdict(state), indent=1, ensure_ascii=False).encode())


def note_plan(results: Path, n_wells: int) -> None:
    """Note how many wells the run is of, so that whoever looks at the folder can tell how far it is."""
    write_bytes(results / WORK_FOLDER / PLAN_FILE, json.dumps({"wells": n_wells}).encode())


def planned_wells(results: Path) -> int | None:
    """Return how many wells the run in ``results`` is of, None where it has not said so yet."""
    try:
        found = json.loads((results / WORK_FOLDER / PLAN_FILE).read_bytes())["wells"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if isinstance(found, int) and found > 0 else None


def _state_path(results: Path) -> Path:
    return results / WORK_FOLDER / STATE_FILE


def state_in(results: Path) -> RunState | None:
    """Return the fingerprint of the run that was begun in ``results``, None where none was."""
    path = _state_path(results)
    if not path.exists():
        return None
    try:
        return RunState(**json.loads(path.read_bytes()))
    except (ValueError, TypeError):
        return RunState("another version", {}, "")


def _differences(before: RunState, now: RunState, results: Path) -> list[Problem]:
    remedy = "give the new run a folder of its own with -o, or start over here with --fresh"
    if before.version != now.version:
        return [Problem(f"this run began with coculture {before.version}, this is {now.version}", str(results), remedy)]
    problems = []
    old, new = dict(_leaves(before.recipe)), dict(_leaves(now.recipe))
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            was, is_now = old.get(key, "not set"), new.get(key, "not set")
            what = f"the recipe's {key} was {was!r} when this run began and is {is_now!r} now"
            problems.append(Problem(what, str(results), remedy))
    if before.inputs != now.inputs:
        problems.append(Problem("images or plate map are not those this run began with", str(results), remedy))
    return problems


def _leaves(tree: Any, name: str = "") -> list[tuple[str, Any]]:
    """Return every value of a tree of plain values with its dotted name."""
    if isinstance(tree, dict) and tree:
        return [leaf for key, value in tree.items() for leaf in _leaves(value, f"{name}.{key}" if name else key)]
    if isinstance(tree, list) and tree and isinstance(tree[0], dict):
        return [leaf for number, value in enumerate(tree, start=1) for leaf in _leaves(value, f"{name}[{number}]")]
    return [(name, tree)]


def clear(results: Path) -> None:
    """Remove everything a run wrote into ``results`` but the file that tells whose folder it is."""
    for name in OURS:
        _remove(results / name)
    for path in (results / WORK_FOLDER).iterdir():
        if path.name != STATE_FILE:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
