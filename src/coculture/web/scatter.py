"""Two features against each other: cell by cell where there are few, counted in squares on the server where there are many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from coculture.plate.columns import is_feature
from coculture.report import svg
from coculture.report.colours import colour
from coculture.report.scales import LinearScale, padded
from coculture.web.screen_folder import ScreenContents

MOST_POINTS = 2_000
"""More cells than this are counted in squares."""

SQUARES = 60
"""Squares along each axis."""

WIDTH, HEIGHT = 520.0, 420.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 60.0, 512.0, 24.0, 372.0


@dataclass(frozen=True)
class Axes:
    """The two features, each a column of the cell table."""

    x: str
    y: str

    @property
    def columns(self) -> str:
        """Both in SQL, as numbers."""
        return f'"{self.x}"::DOUBLE AS x, "{self.y}"::DOUBLE AS y'


def features_of(columns: Sequence[str]) -> tuple[str, ...]:
    """Return which columns of a cell table can be an axis: every feature, the area, and the places."""
    return (*sorted(name for name in columns if is_feature(name)), "area_um2", "x_um", "y_um")


@dataclass(frozen=True)
class Which:
    """Which cells are drawn.

    Attributes
    ----------
    table : the screen's table ``cells``, or one well's file as ``read_parquet(?)``.
    where : a condition in SQL, made of fixed words.
    values : those of the question marks, in their order.
    """

    table: str
    where: str
    values: tuple[Any, ...]

    def having(self, axes: Axes) -> str:
        """Return table and condition in SQL, with cells that have both features."""
        return f'FROM {self.table} WHERE {self.where} AND isfinite("{axes.x}"::DOUBLE) AND isfinite("{axes.y}"::DOUBLE)'


def scatter(
    contents: ScreenContents, which: Which, axes: Axes, address: Callable[[dict[str, Any]], str], title: str
) -> tuple[Markup, int]:
    """Draw the cells that meet a condition.

    Parameters
    ----------
    contents : the screen.
    which : the cells.
    axes : the features; both have to be known ones.
    address : row of a cell → where a click on it leads.
    title : what the drawing is of.

    Returns
    -------
    The drawing, and the number of cells that have both features.
    """
    there, values = which.having(axes), which.values
    extent = contents.ask(
        f"SELECT count(*) AS n, min(x) AS x0, max(x) AS x1, min(y) AS y0, max(y) AS y1 FROM (SELECT {axes.columns} {there})",
        values,
    )
    n = int(extent["n"].iloc[0])
    if n == 0:
        return svg.drawing([], WIDTH, 40, title=title), 0
    x0, x1, y0, y1 = (float(extent[name].iloc[0]) for name in ("x0", "x1", "y0", "y1"))
    across, up = LinearScale(*padded(x0, x1, 0.03), _LEFT, _RIGHT), LinearScale(*padded(y0, y1, 0.03), _BOTTOM, _TOP)
    parts = [svg.left_axis(up, _LEFT, _RIGHT, axes.y), svg.bottom_axis(across, _BOTTOM, axes.x)]
    if n <= MOST_POINTS:
        rows = contents.ask(f"SELECT plate, well, site, t_min, cell_id, cell_type, {axes.columns} {there} ORDER BY ALL", values)
        parts.append(_points(rows, across, up, address))
    else:
        parts.append(_squares(_counted(contents, there, values, axes, (x0, x1, y0, y1)), across, up, (x0, x1, y0, y1)))
    role = "group" if n <= MOST_POINTS else "img"
    return svg.drawing(parts, WIDTH, HEIGHT, title=title, description=str(n), class_="scatter", role=role), n


def _counted(
    contents: ScreenContents, there: str, values: Sequence[Any], axes: Axes, box: tuple[float, float, float, float]
) -> pd.DataFrame:
    """Return how many cells lie in each square; at most ``SQUARES``² rows leave the database."""
    x0, x1, y0, y1 = box
    question = (
        "SELECT least(floor((x - ?) / ?), ?)::INTEGER AS i, least(floor((y - ?) / ?), ?)::INTEGER AS j, count(*) AS n "
        f"FROM (SELECT {axes.columns} {there}) GROUP BY i, j ORDER BY i, j"
    )
    wide, high = max(x1 - x0, 1e-300) / SQUARES, max(y1 - y0, 1e-300) / SQUARES
    return contents.ask(question, [x0, wide, SQUARES - 1, y0, high, SQUARES - 1, *values])


def _points(rows: pd.DataFrame, across: LinearScale, up: LinearScale, address: Callable[[dict[str, Any]], str]) -> Markup:
    kinds = {kind: number for number, kind in enumerate(sorted(rows["cell_type"].unique()))}
    drawn = []
    for row in rows.to_dict("records"):
        said = f"{row['well']} · {row['cell_type']} {row['cell_id']}"
        series = f"point series-{kinds[row['cell_type']] % 4}"
        dot = svg.element("circle", svg.element("title", said), cx=across(row["x"]), cy=up(row["y"]), r=2.6, class_=series)
        drawn.append(svg.element("a", dot, href=address({str(key): value for key, value in row.items()}), aria_label=said))
    return svg.group(drawn)


def _squares(counted: pd.DataFrame, across: LinearScale, up: LinearScale, box: tuple[float, float, float, float]) -> Markup:
    x0, x1, y0, y1 = box
    wide, high = (x1 - x0) / SQUARES, (y1 - y0) / SQUARES
    most = float(counted["n"].max())
    drawn = []
    for i, j, n in zip(counted["i"], counted["j"], counted["n"], strict=True):
        left, right = across(x0 + i * wide), across(x0 + (i + 1) * wide)
        bottom, top = up(y0 + j * high), up(y0 + (j + 1) * high)
        share = (float(n) / most) ** 0.5
        tip = svg.element("title", str(n))
        size = {"width": max(right - left, 1.0), "height": max(bottom - top, 1.0)}
        drawn.append(svg.element("rect", tip, x=left, y=top, **size, fill=colour(share)))
    return svg.group(drawn)
