"""From the cell table of one well to the well's numbers about motion.

===============================================  ==================================================================
``well_motion_tracks``                           tracks long enough to count
``well_motion_speed_um_per_min``                 total path over total time: a track cut in two changes nothing
``well_motion_directness``                       mean over tracks; likewise ``outreach_ratio``, ``asphericity``
``well_motion_mean_turning_angle_rad``           mean over all angles between consecutive regular steps
``well_motion_diffusion_um2_per_min``            D and P of Fürth's formula over all tracks
``well_motion_persistence_min``
``well_motion_arrest_coefficient``               time in slow steps over time in regular steps (needs a threshold)
``well_motion_fmi_parallel``                     mean over tracks, and ``_perpendicular`` (need a direction)
``well_motion_centre_displacement_um``           length of the mean displacement of the tracks
``well_motion_agreement``                        mean cosine between directions of two cells at one time
``well_motion_correlation_length_um``            of velocities (needs distances)
``well_motion_toward_<a>_<b>``                   mean chemotactic index of type a toward the nearest cell of type b
``well_motion_contact_speed_ratio_<a>_<b>``      speed of a while touching b over speed while not (needs contacts)
===============================================  ==================================================================

Where more than one type is told apart, all but the last two lines are given for all cells and, with ``_<type>`` at the end,
for each type. A number that has nothing to rest on is left out and named in the notes, never filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coculture.errors import DataError, InputError
from coculture.interactions.motion.arrest import arrest_coefficients
from coculture.interactions.motion.chemotaxis import chemotactic_index
from coculture.interactions.motion.collective.correlation_length import velocity_correlation
from coculture.interactions.motion.collective.polar_order import polar_order
from coculture.interactions.motion.contact_speed import speed_in_contact
from coculture.interactions.motion.direction.forward_migration import centre_of_mass
from coculture.interactions.motion.lag_models.fuerth import fit_fuerth
from coculture.interactions.motion.mean_squared import mean_squared_displacement
from coculture.interactions.motion.settings import MotionSettings
from coculture.interactions.motion.targets.nearest_cell import TowardNearest
from coculture.interactions.motion.track_table import read_tracks, track_metrics
from coculture.interactions.motion.tracks import Tracks
from coculture.interactions.motion.turning import turning_angles

_MEANS = ("directness", "outreach_ratio", "asphericity", "fmi_parallel", "fmi_perpendicular")
_FEWEST_LAGS = 4


@dataclass(frozen=True)
class WellMotion:
    """Numbers of one well, and what was left out of them, in words."""

    numbers: dict[str, float]
    notes: tuple[str, ...]


def well_motion_numbers(
    cells: pd.DataFrame,
    settings: MotionSettings | None = None,
    *,
    contacts: pd.DataFrame | None = None,
    cell_types: Sequence[str] | None = None,
) -> WellMotion:
    """Return the motion numbers of one well, all its sites together; see the module's head.

    Parameters
    ----------
    cells : the well's cell table, tracked.
    settings : see :class:`~coculture.interactions.motion.settings.MotionSettings`.
    contacts : the well's contact table; None: no contact numbers.
    cell_types : the types the screen tells apart. None: those found.

    Raises
    ------
    InputError : if the table holds more than one well, lacks a column, or a setting cannot be used.
    DataError : if a track has two points at one time.
    """
    chosen = settings or MotionSettings()
    _one_well(cells)
    everyone = read_tracks(cells, chosen)
    long_enough = everyone.counts >= chosen.fewest_points
    notes = list(everyone.notes)
    if not long_enough.all():
        short = int((~long_enough).sum())
        notes.append(f"{short} of {everyone.n_tracks} tracks have fewer than {chosen.fewest_points} points and were left out")
    if not long_enough.any():
        return WellMotion({}, (*notes, "no track is long enough: no motion numbers"))
    tracks = everyone.select(long_enough)
    types = sorted(set(tracks.keys["cell_type"])) if cell_types is None else [str(name) for name in cell_types]
    numbers = _numbers(tracks, chosen, "", notes)
    if len(types) > 1:
        for name in types:
            numbers |= _typed(tracks, chosen, name, notes)
        if chosen.toward_each_type and tracks.dimensions > 1:
            numbers |= _toward(everyone, long_enough, types, notes)
        if contacts is not None:
            numbers |= _in_contact(tracks, cells, contacts, types, notes)
    return WellMotion(numbers, tuple(notes))


def _one_well(cells: pd.DataFrame) -> None:
    names = [name for name in ("plate", "well") if name in cells.columns]
    if names and len(cells[names].drop_duplicates()) > 1:
        raise InputError("the cell table holds more than one well", "cells", "give the rows of one plate and well")


def _typed(tracks: Tracks, settings: MotionSettings, name: str, notes: list[str]) -> dict[str, float]:
    own = tracks.of_type(name)
    if not own.n_tracks:
        notes.append(f"no track of type '{name}'")
        return {"well_motion_tracks_" + name: 0.0}
    return _numbers(own, settings, f"_{name}", notes)


def _numbers(tracks: Tracks, settings: MotionSettings, suffix: str, notes: list[str]) -> dict[str, float]:
    """Return the numbers of one set of tracks; what has no value is named in ``notes``."""
    measures = track_metrics(tracks, settings)
    found: dict[str, float] = {"tracks": float(tracks.n_tracks)}
    found["speed_um_per_min"] = float(measures["path_length_um"].sum() / measures["duration_min"].sum())
    for name in _MEANS:
        if name in measures.columns:
            found[name] = _mean(measures[name].to_numpy(np.float64))
    found["mean_turning_angle_rad"] = _mean(turning_angles(tracks)[0])
    if settings.arrest_speed_um_per_min is not None:
        found["arrest_coefficient"] = _arrest(tracks, settings.arrest_speed_um_per_min)
    who = suffix[1:] or "all cells"
    for part in (_random_walk, _together, _centre):
        found |= _attempt(part, tracks, settings, who, notes)
    missing = [name for name, value in found.items() if not np.isfinite(value)]
    if missing:
        notes.append(f"{who}: no {', '.join(missing)}")
    return {f"well_motion_{name}{suffix}": value for name, value in found.items() if np.isfinite(value)}


def _attempt(
    part: Callable[[Tracks, MotionSettings, str, list[str]], dict[str, float]],
    tracks: Tracks,
    settings: MotionSettings,
    who: str,
    notes: list[str],
) -> dict[str, float]:
    try:
        return part(tracks, settings, who, notes)
    except DataError as error:
        notes.append(f"{who}: {error.problems[0].what}")
        return {}


def _random_walk(tracks: Tracks, settings: MotionSettings, who: str, notes: list[str]) -> dict[str, float]:
    lasted = float((tracks.t_min[tracks.start[1:] - 1] - tracks.t_min[tracks.start[:-1]]).max())
    longest = settings.longest_lag_min or max(lasted / 4, _FEWEST_LAGS * tracks.step_min)
    fit = fit_fuerth(mean_squared_displacement(tracks, longest_lag_min=longest), longest_lag_min=longest)
    if fit.status != "fitted":
        notes.append(f"{who}: persistent random walk: {fit.status}")
    numbers = {"diffusion_um2_per_min": fit.diffusion_um2_per_min.value, "persistence_min": fit.persistence_min.value}
    return {name: value for name, value in numbers.items() if np.isfinite(value)}


def _together(tracks: Tracks, settings: MotionSettings, who: str, notes: list[str]) -> dict[str, float]:
    order = polar_order(tracks)
    pairs = order["n_cells"] * (order["n_cells"] - 1)
    agreement = float((order["agreement"].fillna(0) * pairs).sum() / pairs.sum()) if pairs.sum() else float("nan")
    numbers = {"agreement": agreement}
    if settings.correlation_reach_um is not None:
        found = velocity_correlation(tracks, longest_um=settings.correlation_reach_um, bin_um=settings.correlation_bin_um)
        if found.status != "fitted":
            notes.append(f"{who}: velocity correlation: {found.status}")
        else:
            numbers["correlation_length_um"] = found.length_um
    return numbers


def _centre(tracks: Tracks, settings: MotionSettings, who: str, notes: list[str]) -> dict[str, float]:
    return {"centre_displacement_um": centre_of_mass(tracks).length_um}


def _arrest(tracks: Tracks, threshold: float) -> float:
    """Weigh each track by its time in regular steps."""
    steps = tracks.steps
    time = np.bincount(steps.track, steps.duration_min * steps.regular, tracks.n_tracks)
    share = arrest_coefficients(tracks, threshold)
    return float(np.nansum(share * time) / time.sum()) if time.sum() > 0 else float("nan")


def _toward(tracks: Tracks, movers: np.ndarray, types: Sequence[str], notes: list[str]) -> dict[str, float]:
    """Average the index over tracks long enough; every cell may be a goal."""
    present = set(tracks.keys["cell_type"])
    numbers: dict[str, float] = {}
    for goal in types:
        if goal not in present:
            continue
        table = chemotactic_index(tracks, TowardNearest(goal))[movers]
        for mover in types:
            value = _mean(table.loc[table["cell_type"] == mover, "chemotactic_index"].to_numpy(np.float64))
            if mover != goal and np.isfinite(value):
                numbers[f"well_motion_toward_{mover}_{goal}"] = value
            elif mover != goal:
                notes.append(f"no track of type '{mover}' moved with a '{goal}' in its field")
    return numbers


def _in_contact(
    tracks: Tracks, cells: pd.DataFrame, contacts: pd.DataFrame, types: Sequence[str], notes: list[str]
) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for row in speed_in_contact(tracks, cells, contacts).to_dict("records"):
        if row["mover"] in types and row["other"] in types and not row["reason"]:
            numbers[f"well_motion_contact_speed_ratio_{row['mover']}_{row['other']}"] = float(row["ratio"])
        elif row["reason"]:
            notes.append(f"{row['mover']} touching {row['other']}: {row['reason']}")
    return numbers


def _mean(values: np.ndarray) -> float:
    held = values[np.isfinite(values)]
    return float(held.mean()) if held.size else float("nan")
