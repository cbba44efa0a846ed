"""A well's numbers at each of its time points are those it would have had, had it ended there."""

from __future__ import annotations

import pandas as pd
import pytest

from coculture.sources.time_course import time_course
from coculture.sources.well_summary import NumberSettings, well_numbers
from coculture.sources.well_tables import WellTables

SIZE = (200.0, 200.0)
TYPES = ("a", "b")


def tables(*times: float) -> WellTables:
    """Return four cells, two of each type, of which one dies at the last time; contacts grow with time."""
    cells, contacts = [], []
    for number, t_min in enumerate(times):
        place = {"plate": "P", "well": "A01", "site": 1, "t_min": t_min}
        for cell in range(4):
            alive = not (cell == 3 and number == len(times) - 1 and number > 0)
            kind = "a" if cell < 2 else "b"
            cells.append(place | {"cell_id": cell, "cell_type": kind, "alive": alive, "x_um": 50.0 + 20 * cell, "y_um": 60.0})
        contacts += [place | {"cell_a": one, "cell_b": one + 1, "contact_length_um": 5.0} for one in range(number + 1)]
    fields = pd.DataFrame({"site": 1, "t_min": list(times)})
    return WellTables(pd.DataFrame(cells).assign(area_um2=80.0), pd.DataFrame(contacts), fields)


def course(seen: WellTables) -> pd.DataFrame:
    found = time_course(seen, TYPES, SIZE, NumberSettings(), ("P", "A01"), deaths_told=True)
    assert found is not None
    return found.set_index("t_min")


def test_each_time_is_as_if_the_well_had_ended_there():
    seen = tables(0.0, 10.0, 20.0)
    found = course(seen)
    for t_min in (0.0, 10.0, 20.0):
        ended = WellTables(*(table[table["t_min"] <= t_min] for table in (seen.cells, seen.contacts, seen.fields)))
        expected = well_numbers(ended, TYPES, SIZE, NumberSettings(), tracked=False, deaths_told=True).numbers
        own = found.loc[t_min].dropna().drop(["plate", "well"])
        assert set(own.index) == set(expected)
        for name, value in expected.items():
            assert own[name] == pytest.approx(value), name


def test_counts_contacts_and_deaths_move_as_drawn():
    found = course(tables(0.0, 10.0, 20.0))
    assert found["n_cells"].tolist() == [4, 4, 3]
    assert found["n_dead"].tolist() == [0, 0, 1]
    assert found["well_contacts_a_b"].tolist() == [0.0, 0.5, 0.5]
    assert found["n_cells"].dtype == "int64"


def test_a_well_seen_once_has_no_course():
    assert time_course(tables(0.0), TYPES, SIZE, NumberSettings(), ("P", "A01"), deaths_told=True) is None
