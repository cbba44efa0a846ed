"""Where a result comes from: ``run.json``.

The file holds two kinds of facts, kept apart. ``settings``, ``seed``, ``versions``, ``platform``, ``inputs`` and
``outputs`` are the same whenever the same run is made on the same machine. ``times`` is not, and takes no part in any comparison.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from coculture.errors import FileError, InputError
from coculture.store.atomic import PREFIX, write_bytes
from coculture.store.medium import MEDIUM_FOLDER

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


def hash_file(path: Path) -> str:
    """Return the SHA-256 of the file in hex, read in pieces.

    Raises
    ------
    FileError : if the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileError(
            f"cannot be read: {error.strerror}", where=str(path), remedy="check that it exists and is readable"
        ) from error


def hash_files(paths: Iterable[Path], root: Path | None = None) -> dict[str, str]:
    """Return name → SHA-256, sorted by name; names are relative to ``root`` where given, with forward slashes.

    Raises
    ------
    FileError : if a file cannot be read.
    """
    return dict(sorted((_named(path, root), hash_file(path)) for path in paths))


def hash_outputs(results: Path) -> dict[str, str]:
    """Hash every table of the results folder (Parquet, kept medium and the recipe); the rest can be made again from them."""
    kept = (*results.rglob("*.parquet"), *(results / MEDIUM_FOLDER).rglob("*.npz"))
    tables = [path for path in kept if not path.name.startswith(PREFIX)]
    recipe = results / "recipe.toml"
    return hash_files(tables + ([recipe] if recipe.exists() else []), results)


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
    inputs, outputs : name → SHA-256, as :func:`hash_files` gives.
    started, finished : kept under ``times``, apart from what must be reproducible.
    notes : sentences a reader of the result should know.

    Raises
    ------
    InputError : if the settings hold a value that JSON has no word for.
    FileError : if the file cannot be written.
    """
    content = {
        "format": _FORMAT,
        "settings": dict(settings),
        "seed": seed,
        "versions": versions(),
        "platform": {"system": platform.system(), "machine": platform.machine()},
        "inputs": dict(sorted(inputs.items())),
        "outputs": dict(sorted(outputs.items())),
        "notes": list(notes),
        "times": _times(started, finished),
    }
    try:
        text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InputError(f"the settings cannot be written as JSON: {error}", where=RUN_FILE) from error
    path = results / RUN_FILE
    write_bytes(path, (text + "\n").encode())
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
    """Return what must be equal between two runs of one recipe on one machine: everything but ``times``."""
    return {key: value for key, value in run.items() if key != "times"}


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
