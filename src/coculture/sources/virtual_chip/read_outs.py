"""What is read out of a living well: the standard tables, and the well's numbers by the functions the microscope uses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from coculture.cells.model import CellModel
from coculture.cells.process import World
from coculture.cells.tables import cell_table, contact_table
from coculture.interactions.neighbours.definition import Cells
from coculture.interactions.neighbours.edge_distance import EdgeDistance
from coculture.plate.cell_table import empty_cell_table, empty_contact_table
from coculture.plate.columns import CONTACT_COLUMNS, names
from coculture.sources.contact_pairs import ContactSettings
from coculture.sources.linking import QUALITY
from coculture.sources.over_time import with_motion
from coculture.sources.virtual_chip.settings import VirtualSettings
from coculture.sources.well_numbers import WellNumbers
from coculture.sources.well_summary import well_numbers
from coculture.sources.well_tables import WellTables

CELL_FEATURES = (
    "cell_size_volume_um3",
    "cell_size_radius_um",
    "cell_mechanics_pressure",
    "cell_death_state",
    "cell_death_damage",
    "cell_phase_age_min",
)
"""Features of every virtual cell; see :func:`coculture.cells.tables.cell_table`."""

CONCENTRATION = "cell_medium_{}_um"
"""Feature of the concentration of a solute at the cell."""


def feature_names(model: CellModel) -> tuple[str, ...]:
    """Return the features of the cells of a culture, before tracks."""
    inside = (f"cell_internal_{name}" for name in model.internal)
    return (*CELL_FEATURES, *inside, *(CONCENTRATION.format(name) for name in model.solutes))


def seen_cells(world: World, plate: str, well: str, solutes: Sequence[str]) -> pd.DataFrame:
    """Return the cell table now, with the concentration of some solutes at every cell."""
    table = cell_table(world, plate, well)
    order = np.argsort(world.cells.cell_id)
    here = world.surroundings.concentrations(world.cells.position)[order]
    more = {CONCENTRATION.format(name): here[:, world.model.solutes.index(name)] for name in solutes}
    return table.assign(t_min=_plain(world), **more, **{QUALITY: 1.0})


def seen_contacts(world: World, plate: str, well: str, asked: ContactSettings) -> pd.DataFrame:
    """Return the contact table now: discs that touch, or the recipe's definition on centres and radii."""
    if not len(world.cells):
        return empty_contact_table()
    touching = contact_table(world, plate, well).assign(t_min=_plain(world))
    definition = asked.by_centres or (EdgeDistance(asked.gap_um) if asked.gap_um > 0 else None)
    if definition is not None and len(world.cells) > 1:
        graph = definition.graph(Cells(world.cells.position[:, : world.model.dimensions], world.cells.radius))
        first, second, _ = graph.pairs()
        ends = np.sort(np.column_stack((world.cells.cell_id[first], world.cells.cell_id[second])), axis=1)
        pairs = pd.DataFrame(ends, columns=["cell_a", "cell_b"]).sort_values(["cell_a", "cell_b"], ignore_index=True)
        lengths = touching[["cell_a", "cell_b", "contact_length_um"]]
        pairs = pairs.merge(lengths, on=["cell_a", "cell_b"], how="left").fillna({"contact_length_um": 0.0})
        touching = pairs.assign(plate=plate, well=well, site=1, t_min=_plain(world))[names(CONTACT_COLUMNS)]
    if asked.least_length_um > 0:
        touching = touching[touching["contact_length_um"] >= asked.least_length_um]
    return touching.astype({column.name: column.dtype for column in CONTACT_COLUMNS})


def gathered(cells: Sequence[pd.DataFrame], contacts: Sequence[pd.DataFrame], times: Sequence[float]) -> WellTables:
    """Return the tables of all read-outs together, with motion where there are several."""
    shown, pairs = [one for one in cells if len(one)], [one for one in contacts if len(one)]
    table = pd.concat(shown, ignore_index=True) if shown else cells[-1]
    touching = pd.concat(pairs, ignore_index=True) if pairs else empty_contact_table()
    looked_at = pd.DataFrame({"site": np.ones(len(times), np.int64), "t_min": np.asarray(times, np.float64)})
    return WellTables(table, touching, looked_at)


def numbers_of(tables: WellTables, settings: VirtualSettings) -> tuple[WellTables, WellNumbers]:
    """Return the tables with motion, and the well's numbers."""
    tracked = settings.is_series
    if tracked and len(tables.cells):
        tables = tables.with_cells(with_motion(tables.cells, settings.numbers.time.motion))
    types, size = settings.model.type_names, settings.vessel.size_um
    return tables, well_numbers(tables, types, size, settings.numbers, tracked=tracked, deaths_told=True)


def in_order(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the declared columns first, typed as declared."""
    declared = empty_cell_table()
    own = [name for name in cells.columns if name not in declared.columns]
    return cells[[*declared.columns, *own]].astype(dict(declared.dtypes))


def _plain(world: World) -> float:
    """Return the time without the last digits' noise of counting steps."""
    return round(float(world.time_min), 6)
