"""Fields gathered by columns are those of tables joined well by well."""

from __future__ import annotations

import pandas as pd
import pytest

from coculture.run import fields_of_wells
from coculture.run.fields_of_wells import FieldsOfWells

WELLS = (
    {"well": ["A01", "A01"], "focus": [1.0, None]},
    {"well": [], "focus": []},
    {"well": ["A02"], "focus": [2.0]},
    {"well": ["A03"], "focus": [3.0], "truth": [7]},
    {},
    {"well": ["A04"], "focus": [4.0]},
)


@pytest.mark.parametrize("many", [1, 2, 50_000])
def test_rows_are_those_of_joined_tables(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields_of_wells, "MANY", many)
    gathered = FieldsOfWells()
    for well in WELLS:
        gathered.add(well)
    tables = [pd.DataFrame(well) for well in WELLS]
    expected = pd.concat([table for table in tables if len(table)], ignore_index=True)
    pd.testing.assert_frame_equal(gathered.joined(), expected)


def test_no_fields_are_an_empty_table() -> None:
    assert FieldsOfWells().joined().empty
