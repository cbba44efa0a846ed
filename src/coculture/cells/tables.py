"""What a culture shows at a moment: the standard tables of cells and of contacts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.cells.model import CellModel
from coculture.cells.population import LIVING
from coculture.cells.process import World
from coculture.interactions.contacts import disc_contacts
from coculture.plate.columns import CELL_COLUMNS, CONTACT_COLUMNS, names


def cell_table(world: World, plate: str, well: str, site: int = 1) -> pd.DataFrame:
    """Return one row a cell, sorted by ``cell_id``: :data:`~coculture.plate.columns.CELL_COLUMNS` and features.

    ``cell_id`` is never renumbered, so ``track_id`` equals it, and ``parent_id`` names the mother. The area is that of the cell's
    sphere seen from above. Features beside the standard columns: ``cell_size_volume_um3``, ``cell_size_radius_um``,
    ``cell_mechanics_pressure``, ``cell_death_state`` (0 living, 1 apoptotic, 2 necrotic, 3 burst), ``cell_death_damage``,
    ``cell_phase_age_min``, and ``cell_internal_<name>`` for every number the model keeps inside cells.

    Parameters
    ----------
    world : the culture.
    plate, well : where it is.
    site : field of view, from 1.
    """
    cells, model = world.cells, world.model
    order = np.argsort(cells.cell_id, kind="stable")
    n, living, kind = len(order), (cells.state == LIVING)[order], cells.type[order].astype(np.int64)
    columns = {
        "plate": _named([plate], np.zeros(n, np.int64)),
        "well": _named([well], np.zeros(n, np.int64)),
        "site": np.full(n, site, np.int64),
        "t_min": np.full(n, world.time_min, np.float64),
        "cell_id": cells.cell_id[order],
        "track_id": cells.cell_id[order],
        "parent_id": cells.parent_id[order],
        "cell_type": _named(model.type_names, kind),
        "alive": living,
        "phase": _phases(model, kind, cells.phase[order], living),
        "x_um": cells.position[order, 0],
        "y_um": cells.position[order, 1],
        "z_um": cells.position[order, 2],
        "area_um2": np.pi * cells.radius[order] ** 2,
        "cell_size_volume_um3": cells.volume[order],
        "cell_size_radius_um": cells.radius[order],
        "cell_mechanics_pressure": cells.pressure[order],
        "cell_death_state": cells.state[order].astype(np.float64),
        "cell_death_damage": cells.damage[order],
        "cell_phase_age_min": cells.phase_min[order],
    }
    for place, name in enumerate(model.internal):
        columns[f"cell_internal_{_plain(name)}"] = cells.internal[order, place]
    wanted = {column.name: column.dtype for column in CELL_COLUMNS}
    frame = pd.DataFrame(columns, copy=False)
    off = {name: wanted[name] for name, dtype in frame.dtypes.items() if name in wanted and dtype != wanted[name]}
    return frame.astype(off) if off else frame


def _named(names: Sequence[str], code: NDArray[np.int64]) -> pd.api.extensions.ExtensionArray:
    """Return (n,) the name of each code, as text."""
    return pd.array(list(names), dtype="str").take(code)


def _phases(
    model: CellModel, kind: NDArray[np.int64], phase: NDArray[np.integer[Any]], living: NDArray[np.bool_]
) -> pd.api.extensions.ExtensionArray:
    """Return (n,) the name of each cell's phase, '' for the dead and those without a cycle."""
    phases = [[phase.name for phase in one.cycle.phases] or [""] for one in model.types]
    first = np.cumsum([1, *(len(one) for one in phases)])
    return _named(["", *(name for one in phases for name in one)], np.where(living, first[kind] + phase, 0).astype(np.int64))


def contact_table(world: World, plate: str, well: str, site: int = 1) -> pd.DataFrame:
    """Return one row a pair of touching cells, sorted: :data:`~coculture.plate.columns.CONTACT_COLUMNS`.

    Cells touch where ``d <= r_a + r_b + gap``; the length of the border is that of
    :func:`~coculture.interactions.contacts.disc_contacts`.
    """
    cells, model = world.cells, world.model
    found = disc_contacts(cells.cell_id, cells.position[:, : model.dimensions], cells.radius, gap_um=model.contact_gap_um)
    n = len(found)
    columns = {
        "plate": _named([plate], np.zeros(n, np.int64)),
        "well": _named([well], np.zeros(n, np.int64)),
        "site": np.full(n, site, np.int64),
        "t_min": np.full(n, world.time_min, np.float64),
    }
    return pd.DataFrame(columns | {name: found[name].to_numpy() for name in found.columns}, copy=False)[names(CONTACT_COLUMNS)]


def _plain(name: str) -> str:
    """Return a name as a part of a column's name."""
    return re.sub(r"[^0-9A-Za-z]+", "_", name).strip("_") or "unnamed"
