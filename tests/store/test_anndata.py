"""Cells as AnnData: features apart from what names a cell; a missing library is said in plain words."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from coculture.errors import InputError, MissingExtraError
from coculture.store.anndata import as_anndata, write_anndata


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "plate": ["P", "P"],
            "well": ["A01", "A01"],
            "cell_id": [3, 8],
            "x_um": [1.0, 2.0],
            "y_um": [5.0, 6.0],
            "nucleus_shape_area_um2": [10.0, 20.0],
            "cell_intensity_mean_gfp": [7.0, 8.0],
        }
    )


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anndata", None)
    with pytest.raises(MissingExtraError, match=r"coculture\[anndata\]"):
        as_anndata(table())


def test_features_are_variables_and_the_rest_observations(tmp_path: Path) -> None:
    anndata = pytest.importorskip("anndata", reason="the extra 'anndata' is not installed")
    write_anndata(table(), tmp_path / "cells.h5ad")
    back = anndata.read_h5ad(tmp_path / "cells.h5ad")
    assert back.shape == (2, 2)
    assert back.obs_names.tolist() == ["P/A01/3", "P/A01/8"]
    assert back.var["family"].tolist() == ["shape", "intensity"]
    assert back.X.tolist() == [[10, 7], [20, 8]]
    assert back.obsm["spatial"].tolist() == [[1, 5], [2, 6]]


def test_a_table_without_features_or_with_a_cell_twice_is_refused() -> None:
    pytest.importorskip("anndata", reason="the extra 'anndata' is not installed")
    with pytest.raises(InputError, match="no feature"):
        as_anndata(table()[["plate", "well", "cell_id"]])
    with pytest.raises(InputError, match="a cell stands there twice: P/A01/3"):
        as_anndata(pd.concat([table(), table().iloc[:1]]))
