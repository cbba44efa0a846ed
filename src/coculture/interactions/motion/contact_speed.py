"""Does touching another cell slow a cell down: speed of steps that start in contact, beside those that do not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.motion.tracks import Tracks

_NEEDS = ("site", "t_min", "cell_a", "cell_b")


def speed_in_contact(tracks: Tracks, cells: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """Return, for every ordered pair of types, the speed of cells of one while they touch one of the other, and while they do
    not.

    A step counts as in contact where its cell touches at least one cell of the other type at the step's *start*; only regular
    steps are used. Speeds are total path over total time. Cells that touch may be slow because they stand in a crowd: compare
    with contacts to the own type.

    Parameters
    ----------
    tracks : tracks read from ``cells`` with :meth:`~coculture.interactions.motion.tracks.Tracks.from_table`.
    cells : the cell table, with ``cell_id``.
    contacts : the contact table of the same fields; both may hold several plates and wells.

    Returns
    -------
    ``mover, other, steps_touching, steps_apart, speed_touching_um_per_min, speed_apart_um_per_min, ratio`` (touching over
    apart; speeds and ratio NaN where there are no such steps) and ``reason``.

    Raises
    ------
    InputError : if a column is missing.
    """
    _need(cells, ("site", "t_min", "cell_id"), "cells")
    _need(contacts, _NEEDS, "contacts")
    types = sorted(set(tracks.keys["cell_type"]))
    touches = _touches(tracks, cells, contacts, types)
    steps = tracks.steps
    kind = tracks.keys["cell_type"].to_numpy(object)[steps.track]
    rows = []
    for mover in types:
        own = steps.regular & (kind == mover)
        for place, other in enumerate(types):
            near = touches[steps.first, place]
            rows.append(
                {"mover": mover, "other": other, **_compare(steps.length_um, steps.duration_min, own & near, own & ~near)}
            )
    return pd.DataFrame(rows)


def _touches(tracks: Tracks, cells: pd.DataFrame, contacts: pd.DataFrame, types: list[str]) -> NDArray[np.bool_]:
    """Return (n, types): whether the cell of each point touches a cell of the type at that time."""
    where = [name for name in ("plate", "well", "site", "t_min") if name in cells.columns and name in contacts.columns]
    points = cells.iloc[tracks.rows][[*where, "cell_id"]].reset_index(drop=True)
    points["point"] = np.arange(len(points))
    points["kind"] = pd.Index(types).get_indexer(pd.Index(tracks.keys["cell_type"].to_numpy(object)[tracks.track]))
    both = pd.concat(
        [
            contacts[[*where, "cell_a", "cell_b"]].set_axis([*where, "cell_id", "touched"], axis=1),
            contacts[[*where, "cell_b", "cell_a"]].set_axis([*where, "cell_id", "touched"], axis=1),
        ]
    )
    met = both.merge(points[[*where, "cell_id", "point"]], on=[*where, "cell_id"])
    goal = points[[*where, "cell_id", "kind"]].rename(columns={"cell_id": "touched"})
    met = met.merge(goal, on=[*where, "touched"])
    touches = np.zeros((len(points), len(types)), bool)
    touches[met["point"].to_numpy(np.int64), met["kind"].to_numpy(np.int64)] = True
    return touches


def _compare(
    length: NDArray[np.float64], duration: NDArray[np.float64], near: NDArray[np.bool_], apart: NDArray[np.bool_]
) -> dict[str, object]:
    speeds = [float(length[held].sum() / duration[held].sum()) if held.any() else float("nan") for held in (near, apart)]
    missing = ("no step starts in contact", "no step starts apart", "cells apart do not move")
    reason = missing[0] if not near.any() else missing[1] if not apart.any() else missing[2] if speeds[1] == 0 else ""
    return {
        "steps_touching": int(near.sum()),
        "steps_apart": int(apart.sum()),
        "speed_touching_um_per_min": speeds[0],
        "speed_apart_um_per_min": speeds[1],
        "ratio": float("nan") if reason else speeds[0] / speeds[1],
        "reason": reason,
    }


def _need(table: pd.DataFrame, columns: Sequence[str], where: str) -> None:
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise InputError(f"the {where.rstrip('s')} table lacks {', '.join(missing)}", where)
