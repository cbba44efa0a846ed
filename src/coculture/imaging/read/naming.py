"""Turn the parts of file names into plates, wells, sites and times."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from coculture.errors import FileError, InputError, Problem
from coculture.imaging.read.folder import Scan, scan_folder
from coculture.imaging.read.found import NO_CHANNEL, Found
from coculture.imaging.read.patterns import FilePattern
from coculture.imaging.read.stamps import stamp_minutes
from coculture.imaging.read.structure import FileStructure, Pages, describe
from coculture.imaging.read.tiff import inspect_tiff
from coculture.imaging.read.wells import canonical_wells, shortened
from coculture.plate.layout import Layout

SAMPLED_FILES = 48
"""Headers read when a folder is opened; :meth:`ImageIndex.verify` reads all."""


def find_files(folder: Path, pattern: FilePattern, layout: Layout, plate_name: str | None, pages: Pages | None) -> Found:
    """Scan a folder of TIFF files and say what each page of each file is.

    Raises
    ------
    FileError : if nothing matches, a name makes no sense, or the sampled files are unreadable or unlike.
    """
    scan = scan_folder(folder, pattern)
    structure = _common_structure(folder, scan.paths, pages)
    frame = pd.DataFrame(
        {
            "plate": _plates(scan, plate_name, folder),
            "well": _wells(scan, layout, folder),
            "site": _numbers(scan, "site", 1),
            "t": _times(scan),
            "z": _numbers(scan, "z", 0),
            "channel": scan.parts["channel"],
            "path": scan.paths,
            "plane": 0,
        }
    )
    frame, names = _unfold(frame, structure, folder)
    notes = (
        [f"{len(scan.skipped)} image files do not match the pattern and are left out, as {scan.skipped[0]}"]
        if scan.skipped
        else []
    )
    step = 1.0 if any(scan.parts["stamp"]) else None
    return Found(frame, structure, "tiff", names, step, tuple(notes))


def _common_structure(folder: Path, paths: list[str], pages: Pages | None) -> FileStructure:
    """Read some headers; return what most files are, and refuse the rest."""
    chosen = sorted({int(i) for i in np.linspace(0, len(paths) - 1, SAMPLED_FILES)})
    structures = {paths[i]: inspect_tiff(folder / paths[i], pages) for i in chosen}
    usual = Counter(map(_form, structures.values())).most_common(1)[0][0]
    problems = [
        Problem(
            f"the image is {_told(found)}; most are {_told(next(s for s in structures.values() if _form(s) == usual))}",
            str(folder / path),
            "export all images of a plate at one size and one bit depth, with the same pages",
        )
        for path, found in structures.items()
        if _form(found) != usual
    ]
    if problems:
        raise FileError(shortened(problems, "of the sampled files"))
    return next(iter(structures.values()))


def _form(structure: FileStructure) -> tuple[object, ...]:
    return structure.shape, structure.dtype, structure.planes, structure.channel_names


def _told(structure: FileStructure) -> str:
    named = f" ({', '.join(structure.channel_names)})" if any(structure.channel_names) else ""
    return f"{describe(structure.shape, structure.dtype)}, {len(structure.planes)} pages{named}"


def _plates(scan: Scan, plate_name: str | None, folder: Path) -> list[str]:
    said = scan.parts["plate"]
    distinct = set(said)
    if plate_name is not None:
        if len(distinct) > 1:
            raise InputError(
                f"the files name {len(distinct)} plates ({', '.join(sorted(distinct)[:5])}), one name is given: {plate_name!r}",
                str(folder),
                "leave out the plate's name, or open one plate's folder",
            )
        return [plate_name] * len(said)
    silent = folder.resolve().name
    return [name or silent for name in said]


def _wells(scan: Scan, layout: Layout, folder: Path) -> list[str]:
    parts = (scan.parts[group] for group in ("well", "row", "column"))
    names = [well or _well_text(row, column) for well, row, column in zip(*parts, strict=True)]
    first_path: dict[str, str] = {}
    for name, path in zip(names, scan.paths, strict=True):
        if name not in first_path:
            first_path[name] = str(folder / path)
    canonical = canonical_wells(first_path, layout)
    return [canonical[name] for name in names]


def _well_text(row: str, column: str) -> str:
    return f"r{int(row):02d}c{int(column):02d}" if row.isdecimal() and column.isdecimal() else row + column


def _numbers(scan: Scan, group: str, absent: int) -> list[int]:
    known: dict[str, int] = {"": absent}
    for text, path in zip(scan.parts[group], scan.paths, strict=True):
        if text not in known:
            if not text.isdecimal() or len(text) > 9:
                raise FileError(f"the {group} {text!r} is no whole number", path, f"let the group {group} match digits only")
            known[text] = int(text)
    return [known[text] for text in scan.parts[group]]


def _times(scan: Scan) -> list[int]:
    if not any(scan.parts["stamp"]):
        return _numbers(scan, "t", 0)
    known: dict[str, int] = {}
    for text, path in zip(scan.parts["stamp"], scan.paths, strict=True):
        if text not in known:
            known[text] = stamp_minutes(text, path)
    return [known[text] for text in scan.parts["stamp"]]


def _unfold(frame: pd.DataFrame, structure: FileStructure, folder: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """Give each page of each file its own row."""
    planes = np.array(structure.planes)
    named = bool((frame["channel"] != NO_CHANNEL).any())
    told = {"channel": named, "z": frame["z"].nunique() > 1, "t": frame["t"].nunique() > 1}
    for axis, inside in zip(told, planes.max(axis=0) > 0, strict=True):
        if inside and told[axis]:
            raise FileError(
                f"the names tell {axis} and the files' pages hold several of it too",
                str(folder / frame["path"].iloc[0]),
                "use a pattern without that group, or say what the pages are with pages = 'channel', 'z' or 't'",
            )
    if len(planes) > 1:
        rows, pages = np.repeat(np.arange(len(frame)), len(planes)), np.tile(np.arange(len(planes)), len(frame))
        frame = frame.iloc[rows].reset_index(drop=True)
        frame["plane"] = pages
        frame["z"] += planes[pages, 1]
        frame["t"] += planes[pages, 2]
    if named:
        return frame, {}
    frame["channel"] = pd.Series(planes[frame["plane"], 0] + 1).astype(str)
    return frame, {str(number): name for number, name in enumerate(structure.channel_names, 1) if name}
