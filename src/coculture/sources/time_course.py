"""What a well's numbers were at each of its time points: how many cells, who touched whom, how the types lay.

Numbers of the well (:mod:`coculture.sources.well_summary`) are of its end, or sum its tracks up. Here the former stand for every
time at which the well was seen, under the same names.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from coculture.plate.columns import COURSE_COLUMNS, names
from coculture.sources.arrangement import arrangement_numbers
from coculture.sources.between_cells import contact_numbers
from coculture.sources.summary import dead_numbers, type_counts
from coculture.sources.well_summary import NumberSettings
from coculture.sources.well_tables import WellTables


def time_course(
    tables: WellTables,
    cell_types: Sequence[str],
    size_um: tuple[float, float],
    settings: NumberSettings,
    place: tuple[str, str],
    *,
    deaths_told: bool,
) -> pd.DataFrame | None:
    """Return one row a time point of a well, None where it was seen once.

    Parameters
    ----------
    tables : the well's tables, all its sites.
    cell_types : the types the screen tells apart, in its order.
    size_um : (width, height) of a site's image.
    settings : what is asked of the arrangement.
    place : (plate, well).
    deaths_told : whether dead cells are told from living ones.

    Returns
    -------
    ``COURSE_COLUMNS`` and the numbers; one that a time has nothing for is missing there.
    """
    times = sorted(float(t) for t in tables.fields["t_min"].unique())
    if len(times) < 2:
        return None
    plate, well = place
    rows = []
    for t_min in times:
        cells, contacts = (table[table["t_min"] == t_min] for table in (tables.cells, tables.contacts))
        numbers: dict[str, float | int] = dict(type_counts(cells, cell_types))
        if deaths_told:
            numbers |= dead_numbers(cells, cell_types)
        numbers |= contact_numbers(cells, contacts, cell_types)
        numbers |= arrangement_numbers(cells[cells["alive"]], contacts, cell_types, size_um, settings.arrangement).numbers
        rows.append({"plate": plate, "well": well, "t_min": t_min, **numbers})
    table = pd.DataFrame(rows)
    counts = {name: "int64" for name in table.columns if name.startswith("n_")}
    own = [name for name in table.columns if name not in names(COURSE_COLUMNS)]
    return table[[*names(COURSE_COLUMNS), *own]].astype(counts | {name: "float64" for name in own if name not in counts})
