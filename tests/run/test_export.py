"""Cells of a results folder for other programs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.errors import FileError, InputError, MissingExtraError
from coculture.plate.cell_table import empty_cell_table
from coculture.run.export import export_cells, format_of
from coculture.store.tables import table_path, write_table

AREA = "nucleus_shape_area_um2"


def cells(well: str, n: int, **more: object) -> pd.DataFrame:
    base = {"plate": "P", "well": well, "site": 1, "t_min": 0.0, "cell_id": np.arange(1, n + 1), "track_id": np.arange(1, n + 1)}
    base |= {"parent_id": -1, "cell_type": "=tumour", "alive": True, "phase": "", "x_um": 6.5, "y_um": 13.0, "z_um": 0.0}
    frame = pd.DataFrame({**base, "area_um2": 100.0, AREA: np.linspace(42.25, 84.5, n), **more})
    return frame.astype(dict(empty_cell_table().dtypes))


@pytest.fixture
def results(tmp_path) -> Path:
    """Two wells, the second with a feature more."""
    folder = tmp_path / "results"
    for well, n, more in (("A01", 3, {}), ("A02", 2, {"cell_intensity_mean_gfp": 7.0})):
        write_table(cells(well, n, **more), table_path(folder, "cells", "P", well))
    wells = pd.DataFrame({"plate": "P", "well": ["A01", "A02"], "role": ["negative", "treatment"], "treatment": ["", "x 1 uM"]})
    wells = wells.assign(compound=[None, "x"], dose=[0.0, 1.0], dose_unit="uM", n_cells=[3, 2])
    write_table(wells, table_path(folder, "wells"))
    (folder / "prepared").mkdir()
    (folder / "prepared" / "P.json").write_text(json.dumps({"pixel_size_um": 0.65}))
    return folder


def test_parquet_holds_every_cell_of_every_well_and_what_it_was_given(results, tmp_path):
    done = export_cells(results, tmp_path / "out.parquet", "parquet")
    back = pd.read_parquet(tmp_path / "out.parquet")
    assert (done.n_cells, done.n_columns) == back.shape == (5, len(back.columns))
    assert list(back["compound"]) == ["", "", "", "x", "x"]
    assert list(back["dose"]) == [0.0, 0.0, 0.0, 1.0, 1.0]
    assert back["cell_intensity_mean_gfp"].isna().tolist() == [True] * 3 + [False] * 2
    np.testing.assert_allclose(back[AREA], [42.25, 63.375, 84.5, 42.25, 84.5])


def test_csv_is_the_same_table_with_nothing_a_spreadsheet_would_run(results, tmp_path):
    export_cells(results, tmp_path / "out.csv", "csv")
    export_cells(results, tmp_path / "out.parquet", "parquet")
    back = pd.read_csv(tmp_path / "out.csv")
    assert set(back["cell_type"]) == {"'=tumour"}
    numbers = [AREA, "x_um", "dose", "cell_id"]
    pd.testing.assert_frame_equal(back[numbers], pd.read_parquet(tmp_path / "out.parquet")[numbers], check_dtype=False)
    assert (tmp_path / "out.csv").read_text().count("plate,well") == 1


def test_cellprofilers_names_come_in_pixels(results, tmp_path):
    export_cells(results, tmp_path / "out.parquet", "parquet", names="cellprofiler")
    back = pd.read_parquet(tmp_path / "out.parquet")
    np.testing.assert_allclose(back["Nuclei_AreaShape_Area"].iloc[0], 42.25 / 0.65**2)
    assert list(back["Metadata_compound"].iloc[[0, 3]]) == ["", "x"]
    assert "Metadata_Well" in back


def test_cytotable_counts_images_over_all_wells(results, tmp_path):
    export_cells(results, tmp_path / "out.parquet", "cytotable", pixel_size_um=0.5)
    back = pd.read_parquet(tmp_path / "out.parquet")
    assert list(back["Metadata_ImageNumber"]) == [1, 1, 1, 2, 2]
    np.testing.assert_allclose(back["Nuclei_AreaShape_Area"].iloc[0], 42.25 / 0.25)
    assert list(back["Metadata_role"].iloc[[0, 3]]) == ["negative", "treatment"]


def test_anndata_says_what_is_missing_where_it_is_not_installed(results, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "anndata", None)
    with pytest.raises(MissingExtraError, match=r"coculture\[anndata\]"):
        export_cells(results, tmp_path / "out.h5ad", "anndata")
    assert not (tmp_path / "out.h5ad").exists()


def test_pixels_must_have_a_size(results, tmp_path):
    (results / "prepared" / "P.json").unlink()
    with pytest.raises(InputError, match="do not say how wide a pixel is"):
        export_cells(results, tmp_path / "out.csv", "csv", names="cellprofiler")
    assert not (tmp_path / "out.csv").exists()


def test_a_folder_without_cells_is_refused(tmp_path):
    with pytest.raises(FileError, match="holds no table of cells"):
        export_cells(tmp_path, tmp_path / "out.csv", "csv")


@pytest.mark.parametrize(("name", "wanted"), [("a.csv", "csv"), ("a.PARQUET", "parquet"), ("a.h5ad", "anndata")])
def test_the_ending_names_the_format(name, wanted):
    assert format_of(Path(name)) == wanted


def test_an_unknown_ending_is_told():
    with pytest.raises(InputError, match=r"the ending '\.xyz' names no format"):
        format_of(Path("a.xyz"))
