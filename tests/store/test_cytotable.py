"""CytoTable-style profiles: keys first, one number an image, every cell once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from coculture.errors import InputError
from coculture.store.cytotable import as_cytotable, write_cytotable


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Metadata_Plate": ["P"] * 3,
            "Metadata_Well": ["B02", "A01", "A01"],
            "Metadata_Site": [1, 2, 2],
            "Metadata_ObjectNumber": [4, 9, 40],
            "Metadata_Compound": ["x", "y", "y"],
            "Nuclei_AreaShape_Area": [10.0, 20.0, 30.0],
            "Cells_AreaShape_Area": [11.0, 21.0, 31.0],
        }
    )


def test_images_are_numbered_in_the_order_of_wells_and_cells_keep_their_numbers() -> None:
    out = as_cytotable(table())
    assert out["Metadata_ImageNumber"].tolist() == [2, 1, 1]
    assert out["Metadata_Nuclei_ObjectNumber"].tolist() == [4, 9, 40]
    assert out["Image_Metadata_Well"].tolist() == ["B02", "A01", "A01"]
    assert list(out.columns[-2:]) == ["Cells_AreaShape_Area", "Nuclei_AreaShape_Area"]
    assert out["Metadata_Compound"].tolist() == ["x", "y", "y"]


def test_what_is_written_is_read_by_any_parquet_reader(tmp_path: Path) -> None:
    write_cytotable(table(), tmp_path / "profiles.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "profiles.parquet"), as_cytotable(table()))


def test_a_table_without_keys_is_refused() -> None:
    with pytest.raises(InputError, match="no column Metadata_Plate"):
        as_cytotable(table().drop(columns="Metadata_Plate"))


def test_a_table_without_features_is_refused() -> None:
    with pytest.raises(InputError, match="no column is a feature"):
        as_cytotable(table().drop(columns=["Nuclei_AreaShape_Area", "Cells_AreaShape_Area"]))


def test_a_cell_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(InputError, match="a cell stands there twice"):
        as_cytotable(pd.concat([table(), table().iloc[:1]]))
