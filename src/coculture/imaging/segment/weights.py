"""The user's own weights of a trained network: found on disk, never fetched."""

from __future__ import annotations

from pathlib import Path

from coculture.errors import FileError, InputError


def weights_path(weights: str | None, method: str) -> Path:
    """Return the path of the weights a plug-in was given.

    Raises
    ------
    InputError : if none was given. A run downloads nothing: its result must not depend on what a server holds that day.
    FileError : if nothing is there.
    """
    if not weights:
        raise InputError(
            f"method '{method}' was given no weights; this program does not download any",
            "nuclei.options.weights",
            "train or download a model yourself, and name its file or folder",
        )
    path = Path(weights).expanduser()
    if not path.exists():
        raise FileError("no such file or folder", str(path), f"name the weights of the {method} model in nuclei.options.weights")
    return path.resolve()
