"""What is seen at the end of a well: the last image of each site, cells or none."""

from __future__ import annotations

import pandas as pd

from coculture.sources.well_summary import NumberSettings, well_numbers
from coculture.sources.well_tables import WellTables


def tables(cell_times: list[tuple[int, float]], field_times: list[tuple[int, float]]) -> WellTables:
    cells = pd.DataFrame(cell_times, columns=["site", "t_min"])
    cells = cells.assign(plate="P", well="A01", cell_id=range(len(cells)), cell_type="cell", alive=True, x_um=5.0, y_um=5.0)
    contacts = pd.DataFrame({"site": [], "t_min": [], "cell_a": [], "cell_b": [], "contact_length_um": []}).astype(float)
    fields = pd.DataFrame(field_times, columns=["site", "t_min"])
    return WellTables(cells, contacts.assign(plate="P", well="A01"), fields)


def test_each_site_ends_at_its_own_last_image() -> None:
    """Sites are imaged one after the other, so their times differ by minutes."""
    seen = tables([(1, 0.0), (1, 60.0), (2, 1.5), (2, 61.5)], [(1, 0.0), (1, 60.0), (2, 1.5), (2, 61.5)])
    end = seen.at_the_end()
    assert end.cells["cell_id"].tolist() == [1, 3]
    assert end.cells["t_min"].unique().tolist() == [61.5]
    assert seen.is_series
    found = well_numbers(seen, ("cell",), (10.0, 10.0), NumberSettings(), tracked=False, deaths_told=False)
    assert found.numbers["n_cells"] == 2


def test_a_last_image_without_cells_counts_none() -> None:
    seen = tables([(1, 0.0), (1, 0.0)], [(1, 0.0), (1, 60.0)])
    assert seen.at_the_end().cells.empty
    assert well_numbers(seen, ("cell",), (10.0, 10.0), NumberSettings(), tracked=False, deaths_told=False).numbers == {
        "n_cells": 0
    }


def test_one_image_a_site_is_no_series() -> None:
    assert not tables([(1, 0.0), (2, 1.5)], [(1, 0.0), (2, 1.5)]).is_series
