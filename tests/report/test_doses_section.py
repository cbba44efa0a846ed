"""The section of doses: side by side, in per cent of what was administered."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pandas as pd

from coculture.plate.columns import DOSE_COLUMNS, names
from coculture.report.pages import write_report
from coculture.report.reading import read_results
from coculture.report.sections.doses import doses_section
from coculture.store.tables import read_table, table_path, write_table


def test_a_screen_without_carriers_has_no_such_section(plate: Path) -> None:
    assert doses_section(read_results(plate)) is None


def test_doses_stand_side_by_side(plate: Path, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    copytree(plate, folder)
    first = read_table(table_path(folder, "wells")).iloc[0]
    row = dict.fromkeys(names(DOSE_COLUMNS), 0.0) | {"plate": first["plate"], "well": first["well"], "drug": "dox", "n_cells": 9}
    row |= {"administered_fmol": 200.0, "landed_fmol": 100.0, "delivered_fmol": 30.0, "released_fmol": 50.0}
    row |= {"intracellular_fmol": 25.0, "intracellular_free_fmol": 5.0, "medium_free_um": 0.25, "cell_free_um": 1.5}
    table = pd.DataFrame([row | {"substance": name, "t_min": t} for name in ("particle",) for t in (60.0, 120.0)])
    table = table.astype({column.name: column.dtype for column in DOSE_COLUMNS})[names(DOSE_COLUMNS)]
    write_table(table, table_path(folder, "doses", str(first["plate"]), str(first["well"])))
    section = doses_section(read_results(folder))
    assert section is not None
    (shown,) = section.rows
    assert section.time == "2.00"
    assert (shown.substance, shown.wells, shown.administered) == ("particle", "1", "200")
    told = (shown.landed, shown.delivered, shown.released, shown.intracellular, shown.intracellular_free)
    assert [float(one) for one in told] == [50, 15, 25, 12.5, 2.5]
    page = write_report(folder).read_text(encoding="utf-8")
    assert 'id="doses"' in page
