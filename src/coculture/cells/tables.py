"""What a culture shows at a moment: the standard tables of cells and of contacts."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

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
    n = len(cells)
    phases = [[phase.name for phase in one.cycle.phases] or [""] for one in model.types]
    living = cells.state == LIVING
    phase = [phases[kind][number] if alive else "" for kind, number, alive in zip(cells.type, cells.phase, living, strict=True)]
    columns = {
        "plate": np.full(n, plate, object),
        "well": np.full(n, well, object),
        "site": np.full(n, site, np.int64),
        "t_min": np.full(n, world.time_min),
        "cell_id": cells.cell_id,
        "track_id": cells.cell_id,
        "parent_id": cells.parent_id,
        "cell_type": np.array(model.type_names, object)[cells.type],
        "alive": living,
        "phase": np.array(phase, object),
        "x_um": cells.position[:, 0],
        "y_um": cells.position[:, 1],
        "z_um": cells.position[:, 2],
        "area_um2": np.pi * cells.radius**2,
        "cell_size_volume_um3": cells.volume,
        "cell_size_radius_um": cells.radius,
        "cell_mechanics_pressure": cells.pressure,
        "cell_death_state": cells.state.astype(np.float64),
        "cell_death_damage": cells.damage,
        "cell_phase_age_min": cells.phase_min,
    }
    for place, name in enumerate(model.internal):
        columns[f"cell_internal_{_plain(name)}"] = cells.internal[:, place]
    frame = pd.DataFrame({name: np.array(column) for name, column in columns.items()})
    frame = frame.astype({column.name: column.dtype for column in CELL_COLUMNS})
    return frame.sort_values("cell_id", ignore_index=True)


def contact_table(world: World, plate: str, well: str, site: int = 1) -> pd.DataFrame:
    """Return one row a pair of touching cells, sorted: :data:`~coculture.plate.columns.CONTACT_COLUMNS`.

    Cells touch where ``d <= r_a + r_b + gap``; the length of the border is that of
    :func:`~coculture.interactions.contacts.disc_contacts`.
    """
    cells, model = world.cells, world.model
    found = disc_contacts(cells.cell_id, cells.position[:, : model.dimensions], cells.radius, gap_um=model.contact_gap_um)
    found.insert(0, "plate", np.full(len(found), plate, object))
    found.insert(1, "well", np.full(len(found), well, object))
    found.insert(2, "site", np.int64(site))
    found.insert(3, "t_min", float(world.time_min))
    found = found.astype({column.name: column.dtype for column in CONTACT_COLUMNS})
    return found[names(CONTACT_COLUMNS)]


def _plain(name: str) -> str:
    """Return a name as a part of a column's name."""
    return re.sub(r"[^0-9A-Za-z]+", "_", name).strip("_") or "unnamed"
