"""From cells to wells without holding the cells: columns of a Parquet file are read a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from coculture.errors import FileError, InputError
from coculture.screen.group_statistics import MAD_TO_SD, Floats, Integers
from coculture.screen.profiles.kernels.grouped import grouped_quantiles

STATISTICS = ("median", "mean", "mad", "sd", "q05", "q10", "q25", "q75", "q90", "q95")
"""Ways to make one number of a well's cells: ``mad`` is 1.4826 times the median absolute deviation, ``q25`` a quantile."""

MOST_BYTES = 256 * 1024**2
"""Memory for the columns that are held at one time."""


@dataclass(frozen=True)
class Groups:
    """Which rows belong together.

    Attributes
    ----------
    keys : one row a group, in order.
    order : (n,) rows sorted by group.
    start : (groups + 1,) where each begins in ``order``.
    """

    keys: pd.DataFrame
    order: Integers
    start: Integers

    @classmethod
    def of(cls, keys: pd.DataFrame) -> Groups:
        """Group rows that agree in every column."""
        grouped = keys.groupby(list(keys.columns), sort=True, dropna=False)
        codes = np.asarray(grouped.ngroup(), dtype=np.int64)
        order = np.argsort(codes, kind="stable").astype(np.int64)
        first = order[np.concatenate(([True], np.diff(codes[order]) > 0))] if len(codes) else order
        start = np.concatenate((np.searchsorted(codes[order], np.arange(len(first))), [len(codes)])).astype(np.int64)
        return cls(keys.iloc[first].reset_index(drop=True), order, start)


def aggregate_parquet(
    path: Path,
    by: Sequence[str],
    features: Sequence[str] | None = None,
    statistics: Sequence[str] = ("median",),
    workers: int = 2,
) -> pd.DataFrame:
    """Return one row a group of rows of a Parquet file, and one column a feature and statistic.

    Parameters
    ----------
    path : the file; it may be larger than memory as long as ``by`` and a few features fit.
    by : columns that name the group, such as plate and well.
    features : columns to aggregate; None is every column with numbers that is not in ``by``.
    statistics : of ``STATISTICS``. With one the columns keep the features' names, with several the statistic is added:
        ``cell_shape_area_um2_mad``. Values that are missing or infinite are left out.
    workers : columns done at the same time.

    Raises
    ------
    FileError : if the file cannot be read.
    InputError : if a column is not in it or holds no numbers, or a statistic is not known.
    """
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        raise FileError(f"is not a readable Parquet file: {error}", str(path), "check the path, or write it again") from error
    with file:
        chosen = _features(file, by, features, path)
        check_statistics(statistics)
        groups = Groups.of(file.read(columns=list(by)).to_pandas())
    columns = dict(_aggregated(path, chosen, groups, statistics, workers))
    return pd.concat([groups.keys, pd.DataFrame(columns)], axis=1)


def aggregate_files(
    files: Iterable[tuple[dict[str, str], Path]],
    features: Sequence[str],
    statistics: Sequence[str],
    kept: Callable[[pq.ParquetFile], object] | None = None,
) -> pd.DataFrame:
    """Return one row a file, each the cells of one well, read one after the other.

    Parameters
    ----------
    files : what the row is called (plate, well) and the file.
    features : columns to aggregate; a file that lacks one gives a missing value.
    statistics : of ``STATISTICS``.
    kept : says which rows of a file count, as a mask; None counts all.
    """
    check_statistics(statistics)
    rows = []
    for key, path in files:
        with pq.ParquetFile(path) as file:
            there = [name for name in features if name in file.schema_arrow.names]
            table = file.read(columns=there)
            keep = None if kept is None else kept(file)
            cells = (table if keep is None else table.filter(keep)).to_pandas()
        one = Groups(pd.DataFrame([key]), np.arange(len(cells), dtype=np.int64), np.array([0, len(cells)], dtype=np.int64))
        row: dict[str, object] = dict(key)
        for name in features:
            values = cells[name].to_numpy(np.float64, na_value=np.nan) if name in there else np.full(len(cells), np.nan)
            row |= {column: float(found[0]) for column, found in _statistics_of(name, values, one, statistics)}
        rows.append(row)
    return pd.DataFrame(rows)


def check_statistics(statistics: Sequence[str]) -> None:
    """Raise InputError where a statistic is not known or none is given."""
    unknown = [name for name in statistics if name not in STATISTICS]
    if unknown or not statistics:
        what = f"aggregation {', '.join(map(repr, unknown))} is not known" if unknown else "no aggregation is given"
        raise InputError(what, "profiles.aggregation", "use some of: " + ", ".join(STATISTICS))


def _features(file: pq.ParquetFile, by: Sequence[str], features: Sequence[str] | None, path: Path) -> list[str]:
    schema = file.schema_arrow
    lacking = [name for name in (*by, *(features or ())) if name not in schema.names]
    if lacking:
        raise InputError(f"there is no column {', '.join(map(repr, lacking[:5]))}", str(path), "check the names of the columns")
    numeric = [f.name for f in schema if (pa.types.is_floating(f.type) or pa.types.is_integer(f.type)) and f.name not in by]
    if features is None:
        return numeric
    texts = [name for name in features if name not in numeric]
    if texts:
        raise InputError(f"column '{texts[0]}' does not hold numbers", str(path), "leave it out of the features")
    return list(features)


def _aggregated(
    path: Path, features: list[str], groups: Groups, statistics: Sequence[str], workers: int
) -> Iterator[tuple[str, Floats]]:
    """Yield the columns of the result; each worker reads a block of features and reduces it."""
    block = max(1, min(16, MOST_BYTES // max(1, 8 * len(groups.order))))
    blocks = [features[i : i + block] for i in range(0, len(features), block)]
    with ThreadPoolExecutor(max(1, workers)) as pool:

        def one(names: list[str]) -> list[tuple[str, Floats]]:
            table = pq.read_table(path, columns=names, use_threads=False, memory_map=True, pre_buffer=False, partitioning=None)
            return [found for name in names for found in _statistics_of(name, _numbers(table.column(name)), groups, statistics)]

        for result in pool.map(one, blocks):
            yield from result


def _numbers(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _statistics_of(name: str, values: Floats, groups: Groups, statistics: Sequence[str]) -> Iterator[tuple[str, Floats]]:
    for statistic in statistics:
        yield (name if len(statistics) == 1 else f"{name}_{statistic}"), grouped(values, groups, statistic)


def grouped(values: NDArray[np.float64], groups: Groups, statistic: str) -> Floats:
    """Return one statistic of every group; values (n,)."""
    if statistic in ("mean", "sd"):
        return _moments(values, groups, statistic)
    if statistic == "mad":
        return MAD_TO_SD * grouped_quantiles(values, groups.order, groups.start, 0.5, True)
    probability = 0.5 if statistic == "median" else int(statistic[1:]) / 100
    return grouped_quantiles(values, groups.order, groups.start, probability, False)


def _moments(values: Floats, groups: Groups, statistic: str) -> Floats:
    sizes = np.diff(groups.start)
    codes = np.repeat(np.arange(len(sizes)), sizes)
    ordered = values[groups.order]
    kept = np.isfinite(ordered)
    count = np.bincount(codes[kept], minlength=len(sizes))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(codes[kept], weights=ordered[kept], minlength=len(sizes)) / count
        if statistic == "mean":
            return np.asarray(mean)
        squares = np.bincount(codes[kept], weights=(ordered[kept] - mean[codes[kept]]) ** 2, minlength=len(sizes))
        return np.sqrt(np.where(count > 1, squares / (count - 1), np.nan))
