"""Compare what was found with what is asked for: channels, focal planes, time, and whether anything is missing or double."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from coculture.errors import DataError, FileError, InputError, Problem
from coculture.imaging.read.channels import match_channels
from coculture.imaging.read.wells import shortened

FIELD = ["plate", "well", "site", "t_index"]
COLUMNS = ["plate", "well", "site", "t_index", "t_min", "z", "channel", "path", "plane"]
FocalPlane = Literal["max"] | int | None


def name_channels(frame: pd.DataFrame, wanted: Mapping[str, str], names: Mapping[str, str]) -> pd.DataFrame:
    """Keep the wanted channels under our names.

    Raises
    ------
    InputError : if a wanted channel is not to be found.
    """
    counts = {str(value): int(count) for value, count in frame["channel"].value_counts().sort_index().items()}
    ours = match_channels(wanted, counts, names)
    named = frame["channel"].map(ours)
    kept = frame[named.notna()].copy()
    kept["channel"] = named[named.notna()]
    return kept


def choose_planes(frame: pd.DataFrame, z: FocalPlane) -> pd.DataFrame:
    """Keep one focal plane, or all for a maximum projection.

    Raises
    ------
    InputError : if there are several planes and nobody chose, or the chosen one does not exist.
    """
    present = sorted(map(int, frame["z"].unique()))
    if z == "max":
        return frame
    if z is None:
        if len(present) == 1:
            return frame
        raise InputError(
            f"the images have {len(present)} focal planes ({present[0]} to {present[-1]})",
            where="z",
            remedy="choose z = 'max' for the maximum projection, or the number of one plane",
        )
    if z not in present:
        raise InputError(f"there is no focal plane {z}", where="z", remedy=f"the planes are {', '.join(map(str, present))}")
    return frame[frame["z"] == z]


def count_time(frame: pd.DataFrame, step_min: float | None) -> pd.DataFrame:
    """Add ``t_index`` (rank within the plate, from 0) and ``t_min`` (since the plate's first image).

    Raises
    ------
    InputError : if there are several time points and their distance is not known.
    """
    if step_min is None and (frame.groupby("plate")["t"].nunique() > 1).any():
        raise InputError(
            "the images are a time series and do not say how long a step is",
            where="time_step_min",
            remedy="give the minutes between two time points",
        )
    start = frame.groupby("plate")["t"].transform("min")
    rank = frame.groupby("plate")["t"].rank(method="dense").astype(np.int64) - 1
    return frame.assign(t_index=rank, t_min=(frame["t"] - start).astype(float) * (step_min or 0.0))


def check_whole(frame: pd.DataFrame, channels: tuple[str, ...]) -> None:
    """Refuse two files for one image, and fields without all their channels or focal planes.

    Raises
    ------
    FileError : for doubles; all are reported at once.
    DataError : for missing images; all are reported at once.
    """
    doubles = frame[frame.duplicated([*FIELD, "z", "channel"], keep=False)].sort_values([*FIELD, "z", "channel"], kind="stable")
    if len(doubles):
        raise FileError(shortened(_double_problems(doubles), "doubled images"))
    counts = (
        frame.groupby([*FIELD, "channel"], sort=False).size().unstack(fill_value=0).reindex(columns=list(channels), fill_value=0)
    )
    missing = counts[(counts == 0).any(axis=1)]
    if len(missing):
        raise DataError(shortened(_missing_problems(missing), "wells"))
    planes = counts.to_numpy()
    usual = int(np.bincount(planes.ravel()).argmax())
    odd = counts[(planes != usual).any(axis=1)]
    if len(odd):
        raise DataError(shortened(_plane_problems(odd, usual), "fields"))


def _double_problems(doubles: pd.DataFrame) -> list[Problem]:
    problems = []
    for key, rows in doubles.groupby([*FIELD, "z", "channel"], sort=False):
        plate, well, site, t_index, _, channel = key
        files = " and ".join(f"{path} page {page + 1}" for path, page in zip(rows["path"], rows["plane"], strict=True))
        problems.append(
            Problem(
                f"{len(rows)} files claim to be channel {channel!r}, site {site}, time point {t_index}: {files}",
                f"plate {plate}, well {well}",
                "remove one, or let the pattern tell them apart (plate, site, t, z)",
            )
        )
    return problems


def _missing_problems(missing: pd.DataFrame) -> list[Problem]:
    problems = []
    for (plate, well), rows in missing.groupby(level=["plate", "well"], sort=True):
        lacking = [str(channel) for channel in rows.columns if (rows[channel] == 0).any()]
        places = sorted({(int(key[2]), int(key[3])) for key in rows.index})
        shown = ", ".join(f"site {site} time point {t}" for site, t in places[:3]) + (", …" if len(places) > 3 else "")
        problems.append(
            Problem(
                f"channel {', '.join(map(repr, lacking))} has no image ({shown})",
                f"plate {plate}, well {well}",
                "copy the missing files, or take the well's other files away",
            )
        )
    return problems


def _plane_problems(odd: pd.DataFrame, usual: int) -> list[Problem]:
    return [
        Problem(
            f"{'/'.join(map(str, row))} focal planes per channel at site {key[2]}, time point {key[3]}; elsewhere {usual}",
            f"plate {key[0]}, well {key[1]}",
            "copy the missing planes, or choose one plane with z",
        )
        for key, row in zip(odd.index, odd.to_numpy(), strict=True)
    ]
