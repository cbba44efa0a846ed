"""Where a result comes from: ``run.json``.

The file holds two kinds of facts, kept apart. ``settings``, ``seed``, ``versions``, ``platform``, ``inputs`` and
``outputs`` are the same whenever the same run is made on the same machine. ``times``, the checksums of the run's ``records``
(its ledger, its index, its report) and the ``seal`` over the whole file are not, and take no part in any comparison.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from coculture.errors import FileError, InputError
from coculture.store.atomic import write_bytes
from coculture.store.checksums import WRITTEN_AFTERWARDS, hash_file, hash_parts, is_unfinished, parts_of, split_records
from coculture.store.seal import PLACEHOLDER, seal_holds, sealed

RUN_FILE = "run.json"

LIBRARIES = (
    "coculture",
    "duckdb",
    "imagecodecs",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "scikit-image",
    "scipy",
    "tifffile",
    "zarr",
)
"""Libraries whose version can change a number in the results."""

_FORMAT = 1


def hash_files(paths: Iterable[Path], root: Path | None = None) -> dict[str, str]:
    """Return name → SHA-256, sorted by name; names are relative to ``root`` where given, with forward slashes.

    Raises
    ------
    FileError : if a file cannot be read.
    """
    return dict(sorted((_named(path, root), hash_file(path)) for path in paths))


def hash_outputs(results: Path, own: Collection[str] | None = None, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the checksum of everything a run left in a results folder, sorted by name.

    Parameters
    ----------
    results : the results folder.
    own : first steps of the names that are the run's own; None: all. What a user laid beside them is none of a run's business.
    known : checksums that were taken when the files were written; those files are not read again.

    Raises
    ------
    FileError : if a file or folder cannot be read.
    """
    parts = [name for name in parts_of(results) if name not in WRITTEN_AFTERWARDS and not is_unfinished(name)]
    names = {name for name in parts if own is None or name.split("/")[0] in own}
    taken = {name: value for name, value in (known or {}).items() if name in names}
    for name, hashed in hash_parts(results, sorted(names - taken.keys())):
        if isinstance(hashed, FileError):
            raise hashed
        taken[name] = hashed
    return dict(sorted(taken.items()))


def versions() -> dict[str, str]:
    """Return the version of Python and of every library in :data:`LIBRARIES`, 'not installed' where absent."""
    return {"python": platform.python_version()} | {name: _version(name) for name in LIBRARIES}


def write_run_json(
    results: Path,
    *,
    settings: Mapping[str, Any],
    seed: int,
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
    started: datetime | None = None,
    finished: datetime | None = None,
    notes: Iterable[str] = (),
) -> Path:
    """Write ``run.json`` atomically and return its path.

    Parameters
    ----------
    results : the results folder.
    settings : the recipe as run, made of plain values (text, numbers, lists, maps).
    seed : the run's seed.
    inputs, outputs : name → SHA-256, as :func:`hash_files` and :func:`hash_outputs` give.
    started, finished : kept under ``times``, apart from what must be reproducible.
    notes : sentences a reader of the result should know.

    Raises
    ------
    InputError : if the settings hold a value that JSON has no word for.
    FileError : if the file cannot be written.
    """
    results_of_run, records = split_records(outputs)
    content = {
        "format": _FORMAT,
        "settings": dict(settings),
        "seed": seed,
        "versions": versions(),
        "platform": {"system": platform.system(), "machine": platform.machine()},
        "inputs": dict(sorted(inputs.items())),
        "outputs": dict(sorted(results_of_run.items())),
        "notes": list(notes),
        "times": _times(started, finished),
        "records": dict(sorted(records.items())),
        "seal": PLACEHOLDER,
    }
    try:
        return _write_sealed(results, content)
    except (TypeError, ValueError) as error:
        raise InputError(f"the settings cannot be written as JSON: {error}", where=RUN_FILE) from error


def note_file(results: Path, name: str) -> None:
    """Note the checksum of a file that was written after ``run.json``, such as the report, among its records.

    A ``run.json`` that is missing, damaged or of an earlier version is left as it is: nothing may seal what is not sound.

    Raises
    ------
    FileError : if the file cannot be read or ``run.json`` cannot be written.
    """
    try:
        content = (results / RUN_FILE).read_bytes()
    except OSError:
        return
    if not seal_holds(content):
        return
    run = json.loads(content)
    noted = run["records"] | {name: hash_file(results / name)}
    if noted != run["records"]:
        _write_sealed(results, run | {"records": dict(sorted(noted.items())), "seal": PLACEHOLDER})


def _write_sealed(results: Path, content: Mapping[str, Any]) -> Path:
    path = results / RUN_FILE
    write_bytes(path, sealed(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"))
    return path


def read_run_json(results: Path) -> dict[str, Any]:
    """Read ``run.json`` of a results folder.

    Raises
    ------
    FileError : if it is missing, not JSON, or of a newer format than this version knows.
    """
    path = results / RUN_FILE
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FileError(
            "the folder holds no run.json", where=str(results), remedy="name a results folder of a finished run"
        ) from error
    except (OSError, ValueError) as error:
        raise FileError(
            f"is not readable: {error}", where=str(path), remedy="run the screen again; finished wells are kept"
        ) from error
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise FileError(
            "is of a format this version does not know", where=str(path), remedy="update coculture, or run the screen again"
        )
    return content


def reproducible_part(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return what must be equal between two runs of one recipe on one machine: all but times, records, seal."""
    return {key: value for key, value in run.items() if key not in ("times", "records", "seal")}


def _named(path: Path, root: Path | None) -> str:
    if root is not None and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.as_posix()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _times(started: datetime | None, finished: datetime | None) -> dict[str, Any]:
    times: dict[str, Any] = {}
    if started is not None:
        times["started"] = started.isoformat(timespec="seconds")
    if finished is not None:
        times["finished"] = finished.isoformat(timespec="seconds")
    if started is not None and finished is not None:
        times["wall_s"] = round((finished - started).total_seconds(), 1)
    return times
