"""Cells to wells: equal to pandas, one well at a time and from one file; every message."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.errors import FileError, InputError
from coculture.screen.profiles.aggregation import aggregate_files, aggregate_parquet
from coculture.screen.profiles.kernels.grouped import grouped_quantiles, smallest

STATISTICS = ("median", "mean", "mad", "sd", "q10", "q75")


@pytest.fixture
def cells() -> pd.DataFrame:
    draws = np.random.default_rng(5)
    frame = pd.DataFrame(draws.normal(size=(400, 20)), columns=[f"cell_f{i:02d}" for i in range(20)])
    frame.loc[::17, "cell_f03"] = np.nan
    frame.loc[5, "cell_f04"] = np.inf
    frame["cell_f05"] = draws.integers(0, 3, 400).astype(float)
    return frame.assign(plate=draws.choice(["p1", "p2"], 400), well=draws.choice(["A01", "A02", "B01"], 400), cell_type="x")


def _expected(cells: pd.DataFrame) -> pd.DataFrame:
    numbers = cells.replace(np.inf, np.nan).drop(columns="cell_type").groupby(["plate", "well"])
    mad = numbers.agg(lambda column: 1.482602218505602 * (column - column.median()).abs().median())
    by = {"median": numbers.median(), "mean": numbers.mean(), "mad": mad, "sd": numbers.std()}
    return pd.concat({**by, "q10": numbers.quantile(0.1), "q75": numbers.quantile(0.75)}, axis=1)


def test_equal_to_pandas(cells: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "cells.parquet"
    cells.to_parquet(path, row_group_size=37)
    found = aggregate_parquet(path, ["plate", "well"], statistics=STATISTICS).set_index(["plate", "well"])
    expected = _expected(cells)
    for statistic in STATISTICS:
        for name in expected["median"]:
            assert found[f"{name}_{statistic}"].to_numpy() == pytest.approx(expected[statistic][name].to_numpy(), rel=1e-12)
    alone = aggregate_parquet(path, ["plate", "well"], ["cell_f01"])
    assert list(alone) == ["plate", "well", "cell_f01"]


def test_one_file_a_well_gives_the_same(cells: pd.DataFrame, tmp_path: Path) -> None:
    files = []
    for (plate, well), rows in cells.groupby(["plate", "well"]):
        path = tmp_path / f"{plate}_{well}.parquet"
        rows.drop(columns=["plate", "well"]).to_parquet(path)
        files.append(({"plate": str(plate), "well": str(well)}, path))
    cells.to_parquet(tmp_path / "all.parquet")
    whole = aggregate_parquet(tmp_path / "all.parquet", ["plate", "well"], ["cell_f00", "cell_f03"])
    pd.testing.assert_frame_equal(aggregate_files(files, ["cell_f00", "cell_f03"], ["median"]), whole, check_dtype=False)


def test_messages(cells: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "cells.parquet"
    cells.to_parquet(path)
    with pytest.raises(InputError, match=r"cells.parquet: there is no column 'site'"):
        aggregate_parquet(path, ["site"])
    with pytest.raises(InputError, match=r"column 'cell_type' does not hold numbers"):
        aggregate_parquet(path, ["plate"], ["cell_type"])
    with pytest.raises(InputError, match=r"profiles.aggregation: aggregation 'mode' is not known\n.*median, mean, mad"):
        aggregate_parquet(path, ["plate"], statistics=["mode"])
    with pytest.raises(InputError, match=r"no aggregation is given"):
        aggregate_parquet(path, ["plate"], statistics=[])
    (tmp_path / "no.parquet").write_text("no")
    with pytest.raises(FileError, match=r"no.parquet: is not a readable Parquet file"):
        aggregate_parquet(tmp_path / "no.parquet", ["plate"])


@pytest.mark.kernel
def test_quantiles_equal_numpy() -> None:
    draws = np.random.default_rng(0)
    values = np.round(draws.normal(size=60), 1)
    order, start = np.argsort(draws.integers(0, 5, 60), kind="stable"), np.array([0, 1, 3, 3, 30, 60])
    for probability in (0.0, 0.1, 0.5, 0.9, 1.0):
        found = grouped_quantiles(values, order, start, probability, False)
        groups = [values[order[a:b]] for a, b in pairwise(start)]
        assert found == pytest.approx([np.quantile(g, probability) if g.size else np.nan for g in groups], nan_ok=True)
    away = grouped_quantiles(values, order, start, 0.5, True)
    assert away[4] == pytest.approx(np.median(np.abs(groups[4] - np.median(groups[4]))))
    assert smallest(np.array([3.0, 1.0, 2.0, 1.0]), 0, 3, 1) == 1.0
