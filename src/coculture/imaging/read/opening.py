"""Open a folder of images."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from coculture.errors import InputError
from coculture.imaging.read.found import Found
from coculture.imaging.read.index import ImageIndex
from coculture.imaging.read.naming import find_files
from coculture.imaging.read.ome_zarr import find_plates
from coculture.imaging.read.patterns import file_pattern
from coculture.imaging.read.resolve import COLUMNS, FocalPlane, check_whole, choose_planes, count_time, name_channels
from coculture.imaging.read.structure import FileStructure, Pages
from coculture.plate.layout import Layout

OME_ZARR = "ome-zarr"


def open_images(
    folder: str | Path,
    pattern: str,
    channels: Mapping[str, str],
    *,
    layout: Layout,
    pixel_size_um: float | None = None,
    plate_name: str | None = None,
    bit_depth: int | None = None,
    z: FocalPlane = None,
    pages: Pages | None = None,
    time_step_min: float | None = None,
) -> ImageIndex:
    """Find out which file is which plate, well, site, time and channel.

    Names are read and the headers of some files; no pixel is. :meth:`ImageIndex.verify` reads every header.

    Parameters
    ----------
    folder : folder of the images, or the OME-Zarr plate.
    pattern : a ready pattern's name, 'ome-zarr', or a regular expression with named groups
        (:mod:`coculture.imaging.read.patterns`).
    channels : our name of a channel → its value in the file's name. Where the name is silent and the files hold the
        channels: its name in the file's metadata, or its number from 1.
    layout : the plate's layout; wells outside it are refused.
    pixel_size_um : width of a pixel; needed where the files do not say it.
    plate_name : name of the plate where the files do not say it; without it the folder's name.
    bit_depth : bits the camera fills, where it is fewer than the files' type has and the files do not say it (12 bits in 16).
    z : 'max' for the maximum projection, or the number of one focal plane; needed where there are several.
    pages : what the pages of a file without metadata are: 'channel', 'z' or 't'.
    time_step_min : minutes between two time points; needed where there are several and the files do not say it.

    Raises
    ------
    InputError : if an argument cannot be used or a choice is left open.
    FileError : if files are missing, damaged, unlike, doubled, or their names make no sense.
    DataError : if a field lacks a channel or a focal plane.
    """
    _check_arguments(channels, pixel_size_um, bit_depth, time_step_min)
    root = Path(folder)
    if pattern == OME_ZARR:
        found = find_plates(root, layout, plate_name)
    else:
        found = find_files(root, file_pattern(pattern), layout, plate_name, pages)
    frame = name_channels(found.frame, channels, found.channel_names)
    frame = choose_planes(frame, z)
    frame = count_time(frame, time_step_min if time_step_min is not None else found.step_min)
    frame, notes = _sites_from_one(frame)
    check_whole(frame, tuple(channels))
    return ImageIndex(
        root=root,
        frame=_sorted(frame, tuple(channels)),
        channels=tuple(channels),
        structure=found.structure,
        pixel_size_um=_pixel_size(pixel_size_um, found.structure),
        max_value=_ceiling(bit_depth, found.structure),
        reader=found.reader,
        notes=(*found.notes, *notes, *_uneven_sites(frame), *_size_note(pixel_size_um, found)),
    )


def _check_arguments(channels: Mapping[str, str], pixel_size_um: float | None, bit_depth: int | None, step: float | None) -> None:
    if not channels:
        raise InputError("no channel is named", where="channels", remedy="name at least one: our name = value in the file's name")
    if pixel_size_um is not None and not (0 < pixel_size_um < 1000):
        raise InputError(
            f"a pixel of {pixel_size_um} µm cannot be", where="pixel_size_um", remedy="give the width of a pixel in µm"
        )
    if step is not None and not (0 < step < math.inf):
        raise InputError(
            f"a time step of {step} min cannot be", where="time_step_min", remedy="give the minutes between two time points"
        )
    if bit_depth is not None and not 1 <= bit_depth <= 32:
        raise InputError(f"a bit depth of {bit_depth} cannot be", where="bit_depth", remedy="common cameras have 8, 12, 14 or 16")


def _sorted(frame: pd.DataFrame, channels: tuple[str, ...]) -> pd.DataFrame:
    order = frame["channel"].map({name: number for number, name in enumerate(channels)})
    frame = frame.assign(_order=order).sort_values(["plate", "well", "site", "t_index", "_order", "z"], kind="stable")
    return frame[COLUMNS].reset_index(drop=True)


def _sites_from_one(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    if frame["site"].min() > 0:
        return frame, ()
    return frame.assign(site=frame["site"] + 1), (
        "the files count sites from 0; here they count from 1, so file site 0 is site 1",
    )


def _uneven_sites(frame: pd.DataFrame) -> tuple[str, ...]:
    counts = frame.groupby(["plate", "well"])["site"].nunique()
    usual = int(np.bincount(counts.to_numpy()).argmax())
    odd = counts[counts != usual]
    if odd.empty:
        return ()
    (plate, well), number = odd.index[0], int(odd.iloc[0])
    return (f"{len(odd)} wells do not have {usual} sites as the others, as plate {plate} well {well} with {number}",)


def _pixel_size(stated: float | None, structure: FileStructure) -> float:
    size = stated if stated is not None else structure.pixel_size_um
    if size is None or not (0 < size < 1000):
        raise InputError(
            "the files do not say how wide a pixel is", where="pixel_size_um", remedy="give the width of a pixel in µm"
        )
    return size


def _size_note(stated: float | None, found: Found) -> tuple[str, ...]:
    said = found.structure.pixel_size_um
    if stated is None or said is None or abs(said / stated - 1) < 0.01:
        return ()
    return (f"the files say a pixel is {said:g} µm wide; the stated {stated:g} µm is used",)


def _ceiling(bit_depth: int | None, structure: FileStructure) -> float:
    """Return the camera's highest value: stated, else as the file says, else the dtype's (infinite for float)."""
    dtype = np.dtype(structure.dtype)
    bits = bit_depth if bit_depth is not None else structure.significant_bits
    if dtype.kind == "f":
        return math.inf if bits is None else float(2**bits - 1)
    highest = float(np.iinfo(dtype).max)
    if bits is None:
        return highest
    if 2**bits - 1 > highest:
        raise InputError(f"the files are {dtype}, too small for {bits} bits", where="bit_depth", remedy="leave bit_depth out")
    return float(2**bits - 1)
