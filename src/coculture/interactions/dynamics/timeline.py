"""Cells and contacts in order of time: who was seen when, with whom.

A *frame* of a site is a time at which any of its cells is in the cell table. A track is *seen* at a frame if it has a living
row there. A *run* is a stretch of consecutive frames at which a track is seen; outside its runs nothing is known about it.
Everything here is numbered in a sorted order, so neither the order of rows nor the labels of cells change a result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError, InputError

PLACE = ("plate", "well", "site")
CELL_NEEDS = (*PLACE, "t_min", "cell_id", "track_id", "parent_id", "cell_type", "alive")
CONTACT_NEEDS = (*PLACE, "t_min", "cell_a", "cell_b", "contact_length_um")

Integers = NDArray[np.int64]
Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Timeline:
    """Sightings of tracks, frame by frame, and the contacts among them. Make one with :meth:`of`.

    Frames are numbered through all sites, those of one site consecutively; a track belongs to one site.

    Attributes
    ----------
    types : names of the cell types, sorted.
    tracks : one row a track, sorted: ``plate, well, site, track_id, cell_type`` (the one it has most often).
    track_type : (m,) codes into ``types``.
    track_site : (m,) number of the site.
    death_frame : (m,) frame of the first dead row, -1 where the track was not seen dead.
    born : (m,) whether its first row names a mother.
    divides : (m,) whether another track of its site names it as mother.
    frame_time : (f,) times, min.
    frame_site : (f,) number of the site.
    track, frame : (n,) of each sighting, sorted by track, then frame.
    row : (n,) row of the cell table of each sighting.
    run_first, run_last : (n,) first and last frame of the run the sighting is in.
    first, second : (c,) sightings of the two cells of each contact; the first track has the smaller number.
    length_um : (c,) border shared.
    notes : what was left out, in words.
    """

    types: tuple[str, ...]
    tracks: pd.DataFrame
    track_type: Integers
    track_site: Integers
    death_frame: Integers
    born: NDArray[np.bool_]
    divides: NDArray[np.bool_]
    frame_time: Reals
    frame_site: Integers
    track: Integers
    frame: Integers
    row: Integers
    run_first: Integers
    run_last: Integers
    first: Integers
    second: Integers
    length_um: Reals
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        cells: pd.DataFrame,
        contacts: pd.DataFrame,
        *,
        least_length_um: float = 0.0,
        unknown: Literal["refuse", "drop"] = "refuse",
    ) -> Timeline:
        """Join a cell table and a contact table.

        Parameters
        ----------
        cells : cell table, tracked; any number of wells.
        contacts : contact table of the same wells.
        least_length_um : contacts with a shorter border are left out; 0 keeps all.
        unknown : what to do with contacts of cells that are not in the cell table.

        Raises
        ------
        InputError : if a column is missing, a time or length is not a usable number, or ``least_length_um`` is negative.
        DataError : if a cell or a track stands twice at one time, or a contact names an unknown cell and is not to be dropped.
        """
        _check(cells, contacts, least_length_um)
        sites, times, contact_frame = _frames(cells, contacts)
        tracks, code = _tracks(cells, sites.of_row)
        living = cells["alive"].to_numpy(bool)
        kept = contacts["contact_length_um"].to_numpy(np.float64) >= least_length_um
        ends, lost, dead = _contact_rows(cells, contacts, sites.frame_of_row, contact_frame, kept, living)
        if lost and unknown == "refuse":
            raise DataError(
                f"{lost} contacts are of cells that are not in the cell table", "contacts", "add the cells, or use unknown='drop'"
            )
        order, sighting = _sightings(code, sites.frame_of_row, living)
        first, second, length = _ordered_contacts(sighting[ends[0]], sighting[ends[1]], ends[2])
        track, frame = code[order], sites.frame_of_row[order]
        runs = _runs(track, frame)
        facts = _track_facts(cells, code, sites, len(tracks), living)
        types, track_type = _track_types(cells, code, len(tracks))
        tracks = tracks.assign(cell_type=np.array(types, object)[track_type] if len(tracks) else [])
        notes = _notes(lost, dead, int((~kept).sum()))
        return cls(
            types, tracks, track_type, *facts, times, sites.of_frame, track, frame, order, *runs, first, second, length, notes
        )

    @property
    def next_in_run(self) -> NDArray[np.bool_]:
        """Whether the track is seen at the next frame too, for each sighting."""
        return self.run_last > self.frame

    def sighting(self, track: Integers, frame: Integers) -> Integers:
        """Return the sighting of each track at each frame, -1 where it was not seen."""
        if not len(self.track):
            return np.full(len(track), -1, np.int64)
        many = len(self.frame_time) + 1
        keys, wanted = self.track * many + self.frame, np.asarray(track, np.int64) * many + frame
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where((keys[place] == wanted) & (np.asarray(frame) >= 0), place, -1).astype(np.int64)

    def pair_types(self) -> list[tuple[int, int]]:
        """Return every pair of type codes, first <= second."""
        return [(a, b) for a in range(len(self.types)) for b in range(a, len(self.types))]


@dataclass(frozen=True, eq=False)
class _Sites:
    of_row: Integers
    frame_of_row: Integers
    of_frame: Integers


def type_code(types: Sequence[str], name: str, where: str) -> int:
    """Return the number of a type.

    Raises
    ------
    InputError : if no cell has that type.
    """
    if name not in types:
        raise InputError(f"no cell is of type '{name}'", where, "use one of: " + (", ".join(types) or "(the table has no cells)"))
    return list(types).index(name)


def _check(cells: pd.DataFrame, contacts: pd.DataFrame, least_length_um: float) -> None:
    for table, needs, where in ((cells, CELL_NEEDS, "cells"), (contacts, CONTACT_NEEDS, "contacts")):
        need_columns(table, needs, where)
        if not np.isfinite(table["t_min"].to_numpy(np.float64)).all():
            raise InputError("t_min is not a finite number in every row", where, "give every row its time in minutes")
    length = contacts["contact_length_um"].to_numpy(np.float64)
    if not (np.isfinite(length) & (length >= 0)).all():
        raise InputError(
            "contact_length_um is not a finite number >= 0 in every row", "contacts", "give every contact its length in µm"
        )
    if not least_length_um >= 0:
        raise InputError(f"a least length of {least_length_um}", "least_length_um", "give a length in µm, >= 0")


def need_columns(table: pd.DataFrame, columns: Sequence[str], where: str) -> None:
    """Say which columns a table lacks.

    Raises
    ------
    InputError : if one is missing.
    """
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise InputError(f"the {where.rstrip('s')} table lacks {', '.join(missing)}", where, "add the columns")


def _joint(tables: Sequence[pd.DataFrame], columns: Sequence[str]) -> list[Integers]:
    """Return one number per distinct combination of columns, shared by all tables, ascending with the sorted values."""
    lengths = np.cumsum([len(table) for table in tables])[:-1]
    code = np.zeros(sum(len(table) for table in tables), np.int64)
    for name in columns:
        values = np.concatenate([_plain(table[name]) for table in tables])
        part, found = pd.factorize(values, sort=True)
        code = np.unique(code * max(1, len(found)) + part, return_inverse=True)[1].astype(np.int64)
    return np.split(code, lengths)


def _plain(column: pd.Series) -> NDArray[Any]:
    return column.to_numpy() if pd.api.types.is_numeric_dtype(column) else column.astype(str).to_numpy(object)


def _frames(cells: pd.DataFrame, contacts: pd.DataFrame) -> tuple[_Sites, Reals, Integers]:
    """Number the frames of the cell table; a contact at another time gets -1."""
    site, _ = _joint([cells, contacts], PLACE)
    both, there = _joint([cells, contacts], (*PLACE, "t_min"))
    found, example, frame = np.unique(both, return_index=True, return_inverse=True)
    of_frame = pd.factorize(site[example], sort=True)[0].astype(np.int64)
    of_row = of_frame[frame] if len(cells) else np.empty(0, np.int64)
    place = np.minimum(np.searchsorted(found, there), max(len(found) - 1, 0))
    contact_frame = np.where(found[place] == there, place, -1) if len(found) else np.full(len(there), -1)
    times = cells["t_min"].to_numpy(np.float64)[example]
    return _Sites(of_row, frame.astype(np.int64), of_frame), times, contact_frame.astype(np.int64)


def _tracks(cells: pd.DataFrame, site: Integers) -> tuple[pd.DataFrame, Integers]:
    number, found = pd.factorize(cells["track_id"].to_numpy(np.int64), sort=True)
    _, example, code = np.unique(site * max(1, len(found)) + number, return_index=True, return_inverse=True)
    named: pd.DataFrame = cells[[*PLACE, "track_id"]].take(example)
    return named.reset_index(drop=True), code.astype(np.int64)


def _contact_rows(
    cells: pd.DataFrame,
    contacts: pd.DataFrame,
    frame: Integers,
    contact_frame: Integers,
    kept: NDArray[np.bool_],
    living: NDArray[np.bool_],
) -> tuple[tuple[Integers, Integers, Reals], int, int]:
    """Return the rows of the cell table each usable contact joins, how many are unknown, and how many are of dead cells."""
    named = [table[name].to_numpy(np.int64) for table, name in ((cells, "cell_id"), (contacts, "cell_a"), (contacts, "cell_b"))]
    code, found_ids = pd.factorize(np.concatenate(named))  # ids may be of any size
    ids, *ends = np.split(code, np.cumsum([len(part) for part in named])[:-1])
    width = len(found_ids) + 1
    keys = frame * width + ids
    order = np.argsort(keys, kind="stable")
    if len(order) and (np.diff(keys[order]) == 0).any():
        raise DataError("a cell_id stands twice at one site and time", "cells", "give every cell one row a time point")
    rows = []
    for end in ends:
        wanted = contact_frame * width + end
        place = np.minimum(np.searchsorted(keys[order], wanted), max(len(order) - 1, 0))
        found = order[place] if len(order) else np.full(len(wanted), -1)
        rows.append(np.where((keys[found] == wanted) & (contact_frame >= 0), found, -1) if len(order) else found)
    known = (rows[0] >= 0) & (rows[1] >= 0)
    lost = int((kept & ~known).sum())
    alive = known.copy()
    alive[known] = living[rows[0][known]] & living[rows[1][known]]
    use = kept & alive
    length = contacts["contact_length_um"].to_numpy(np.float64)
    return (rows[0][use], rows[1][use], length[use]), lost, int((kept & known & ~alive).sum())


def _sightings(code: Integers, frame: Integers, living: NDArray[np.bool_]) -> tuple[Integers, Integers]:
    """Return the living rows sorted by track and frame, and the sighting of each row (-1 for a dead one)."""
    every = np.lexsort((frame, code))
    same = (np.diff(code[every]) == 0) & (np.diff(frame[every]) == 0)
    if same.any():
        raise DataError("a track_id stands twice at one site and time", "cells", "give every track one cell a time point")
    order = every[living[every]]
    sighting = np.full(len(code), -1, np.int64)
    sighting[order] = np.arange(len(order))
    return order.astype(np.int64), sighting


def _ordered_contacts(one: Integers, other: Integers, length: Reals) -> tuple[Integers, Integers, Reals]:
    """Put the smaller sighting (of the smaller track) first, and sort the contacts by both.

    A pair that is given twice at one time keeps the sum of its borders.
    """
    first, second = np.minimum(one, other), np.maximum(one, other)
    if (first == second).any():
        raise DataError("a contact joins a cell to itself", "contacts", "take it out")
    order = np.lexsort((length, second, first))
    first, second, length = first[order], second[order], length[order]
    if not len(first):
        return first, second, length
    starts = np.flatnonzero(np.r_[True, (np.diff(first) != 0) | (np.diff(second) != 0)])
    return first[starts], second[starts], np.add.reduceat(length, starts)


def _runs(track: Integers, frame: Integers) -> tuple[Integers, Integers]:
    if not len(track):
        return track.copy(), track.copy()
    cut = np.r_[True, (np.diff(track) != 0) | (np.diff(frame) != 1)]
    starts, run = np.flatnonzero(cut), np.cumsum(cut) - 1
    return frame[starts][run], frame[np.r_[starts[1:], len(frame)] - 1][run]


def _track_facts(
    cells: pd.DataFrame, code: Integers, sites: _Sites, n_tracks: int, living: NDArray[np.bool_]
) -> tuple[Integers, Integers, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return each track's site, frame of death, whether it was born and whether it divides."""
    site = np.zeros(n_tracks, np.int64)
    site[code] = sites.of_row
    never = np.iinfo(np.int64).max
    death = np.full(n_tracks, never)
    np.minimum.at(death, code[~living], sites.frame_of_row[~living])
    parent, number = cells["parent_id"].to_numpy(np.int64), cells["track_id"].to_numpy(np.int64)
    has = parent >= 0
    born = np.zeros(n_tracks, bool)
    born[code[has]] = True
    mothers = pd.MultiIndex.from_arrays([sites.of_row[has], parent[has]])
    example = np.zeros(n_tracks, np.int64)
    example[code] = np.arange(len(code))
    divides = pd.MultiIndex.from_arrays([site, number[example] if n_tracks else number[:0]]).isin(mothers.unique())
    return site, np.where(death == never, -1, death), born, np.asarray(divides, bool)


def _track_types(cells: pd.DataFrame, code: Integers, n_tracks: int) -> tuple[tuple[str, ...], Integers]:
    """Return the types' names and each track's most frequent type; of equally frequent ones the first in the alphabet."""
    if bool(cells["cell_type"].isna().any()):
        raise InputError(f"{int(cells['cell_type'].isna().sum())} rows have no cell_type", "cells", "name the type of every cell")
    kind, names = pd.factorize(cells["cell_type"].astype(str).to_numpy(object), sort=True)
    if not len(names):
        return (), np.zeros(0, np.int64)
    votes = np.bincount(code * len(names) + kind, minlength=n_tracks * len(names)).reshape(n_tracks, len(names))
    return tuple(str(name) for name in names), votes.argmax(axis=1).astype(np.int64)


def _notes(lost: int, dead: int, short: int) -> tuple[str, ...]:
    said = (
        (lost, "contacts of cells that are not in the cell table were left out"),
        (dead, "contacts with a dead cell were left out"),
        (short, "contacts were shorter than the least length and were left out"),
    )
    return tuple(f"{count} {words}" for count, words in said if count)
