"""Cells as an AnnData object (scverse): features are variables, all that says which cell it is are observations.

``obs`` holds the columns that are no feature, ``X`` the features (cells, features) float64, ``obsm['spatial']`` the place
in µm where the table has one. Rows are named plate/well/site/time/cell. Needs the extra 'anndata'.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from coculture.errors import InputError, MissingExtraError
from coculture.plate.columns import is_feature
from coculture.store.atomic import written_file

NAME_KEYS = ("plate", "well", "site", "t_min", "cell_id")


def as_anndata(frame: pd.DataFrame) -> Any:
    """Return a cell table as ``anndata.AnnData``.

    Parameters
    ----------
    frame : one row a cell, features named by our grammar.

    Raises
    ------
    MissingExtraError : if anndata is not installed.
    InputError : if the table has no feature, or a cell stands there twice.
    """
    library = _library()
    features = [name for name in frame.columns if is_feature(name)]
    if not features:
        raise InputError("the table has no feature", "as_anndata", "measure at least one family")
    keys = [name for name in NAME_KEYS if name in frame.columns]
    rows = frame[keys].astype(str).agg("/".join, axis=1) if keys else frame.index.astype(str).to_series(index=frame.index)
    if rows.duplicated().any():
        raise InputError(f"a cell stands there twice: {rows[rows.duplicated()].iloc[0]}", "as_anndata", "keep one row a cell")
    obs = _plain_text(frame.drop(columns=features)).set_axis(pd.Index(rows.astype(object), dtype=object), axis=0)
    parts = pd.DataFrame([name.split("_", 2)[:2] for name in features], index=pd.Index(features, dtype=object))
    parts = _plain_text(parts.set_axis(["object", "family"], axis=1)).set_axis(
        pd.Index(["object", "family"], dtype=object), axis=1
    )
    made = library.AnnData(X=frame[features].to_numpy(dtype=np.float64), obs=obs, var=parts)
    if {"x_um", "y_um"} <= set(frame.columns):
        made.obsm["spatial"] = frame[["x_um", "y_um"]].to_numpy(dtype=np.float64)
    return made


def write_anndata(frame: pd.DataFrame, path: Path) -> None:
    """Write a cell table as ``.h5ad``, whole or not at all.

    Raises
    ------
    MissingExtraError, InputError : as :func:`as_anndata`.
    FileError : if the file cannot be written.
    """
    made = as_anndata(frame)
    with written_file(path) as temporary:
        made.write_h5ad(temporary)


def _plain_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return text columns as plain Python text, which every version of the format holds."""
    text = [name for name in frame.columns if isinstance(frame[name].dtype, pd.StringDtype)]
    return frame.astype(dict.fromkeys(text, object))


def _library() -> Any:
    try:
        return import_module("anndata")
    except ImportError as error:
        raise MissingExtraError.for_extra("anndata", "anndata", "Export to AnnData") from error
