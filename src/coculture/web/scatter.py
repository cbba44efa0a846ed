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
    def quoted_x(self) -> str:
        """The first in SQL, as a number."""
        return _quoted(self.x)

    @property
    def quoted_y(self) -> str:
        """The second in SQL, as a number."""
        return _quoted(self.y)

    @property
    def columns(self) -> str:
        """Both in SQL, as numbers named x and y."""
        return f"{self.quoted_x} AS x, {self.quoted_y} AS y"


def _quoted(column: str) -> str:
    """Return a column's name in SQL whatever is in it: a folder from elsewhere may name its columns as it likes."""
    return '"' + column.replace('"', '""') + '"::DOUBLE'


def features_of(columns: Sequence[str]) -> tuple[str, ...]:
    """Return which columns of a cell table can be an axis: every feature, the area, and the places."""
    always = tuple(name for name in ("area_um2", "x_um", "y_um") if name in columns)
    return (*sorted(name for name in columns if is_feature(name)), *always)


@dataclass(frozen=True)
class Box:
    """A part of the plane of both features."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    @property
    def query(self) -> dict[str, str]:
        """Its ends as an address tells them."""
        return {name: f"{value:.9g}" for name, value in vars(self).items()}


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
        return f"FROM {self.table} WHERE {self.where} AND isfinite({axes.quoted_x}) AND isfinite({axes.quoted_y})"


def scatter(
    contents: ScreenContents,
    which: Which,
    axes: Axes,
    address: Callable[[dict[str, Any]], str],
    title: str,
    closer: Callable[[Box], str] | None = None,
) -> tuple[Markup, int]:
    """Draw the cells that meet a condition.

    Parameters
    ----------
    contents : the screen.
    which : the cells.
    axes : the features; both have to be known ones.
    address : row of a cell → where a click on it leads.
    title : what the drawing is of.
    closer : square → where a click on it leads; None where nowhere.

    Returns
    -------
    The drawing, and the number of cells that have both features.
    """
    there, values = which.having(axes), which.values
    counted = _counted(contents, there, values, axes)
    n = int(counted["n"].sum())
    if n == 0:
        return svg.drawing([], WIDTH, 40, title=title), 0
    box = Box(*(float(counted[name].iloc[0]) for name in ("x_low", "x_high", "y_low", "y_high")))
    across = LinearScale(*padded(box.x_low, box.x_high, 0.03), _LEFT, _RIGHT)
    up = LinearScale(*padded(box.y_low, box.y_high, 0.03), _BOTTOM, _TOP)
    parts = [svg.left_axis(up, _LEFT, _RIGHT, axes.y), svg.bottom_axis(across, _BOTTOM, axes.x)]
    if n <= MOST_POINTS:
        rows = contents.ask(f"SELECT plate, well, site, t_min, cell_id, cell_type, {axes.columns} {there} ORDER BY ALL", values)
        parts.append(_points(rows, across, up, address))
    else:
        parts.append(_squares(counted, across, up, box, closer))
    role = "group" if n <= MOST_POINTS or closer else "img"
    return svg.drawing(parts, WIDTH, HEIGHT, title=title, description=str(n), class_="scatter", role=role), n


def _counted(contents: ScreenContents, there: str, values: Sequence[Any], axes: Axes) -> pd.DataFrame:
    """Return how many cells lie in each square, and the ends of both features; at most ``SQUARES``² rows leave the database.

    The tables are read once: many wells are many files.
    """
    ends = "min(x) AS x_low, max(x) AS x_high, min(y) AS y_low, max(y) AS y_high"
    i, j = (
        f"least(floor(({name} - {name}_low) / greatest(({name}_high - {name}_low) / {SQUARES}, 1e-300)), {SQUARES - 1})::INTEGER"
        for name in ("x", "y")
    )
    return contents.ask(
        f"WITH chosen AS MATERIALIZED (SELECT {axes.columns} {there}), ends AS (SELECT {ends} FROM chosen) "
        f"SELECT {i} AS i, {j} AS j, x_low, x_high, y_low, y_high, count(*) AS n FROM chosen, ends GROUP BY ALL ORDER BY i, j",
        values,
    )


def _points(rows: pd.DataFrame, across: LinearScale, up: LinearScale, address: Callable[[dict[str, Any]], str]) -> Markup:
    kinds = {kind: number for number, kind in enumerate(sorted(rows["cell_type"].unique()))}
    drawn = []
    for row in rows.to_dict("records"):
        said = f"{row['well']} · {row['cell_type']} {row['cell_id']}"
        series = f"point series-{kinds[row['cell_type']] % 4}"
        dot = svg.element("circle", svg.element("title", said), cx=across(row["x"]), cy=up(row["y"]), r=2.6, class_=series)
        drawn.append(svg.element("a", dot, href=address({str(key): value for key, value in row.items()}), aria_label=said))
    return svg.group(drawn)


def _squares(
    counted: pd.DataFrame, across: LinearScale, up: LinearScale, box: Box, closer: Callable[[Box], str] | None
) -> Markup:
    """Draw one square for each that has cells; a click on one shows it closer, the keyboard has the fields of the form."""
    wide, high = (box.x_high - box.x_low) / SQUARES, (box.y_high - box.y_low) / SQUARES
    most = float(counted["n"].max())
    drawn = []
    for i, j, n in zip(counted["i"], counted["j"], counted["n"], strict=True):
        x0, x1 = box.x_low + i * wide, box.x_low + (i + 1) * wide
        y0, y1 = box.y_low + j * high, box.y_low + (j + 1) * high
        left, right, bottom, top = across(x0), across(x1), up(y0), up(y1)
        size = {"width": max(right - left, 1.0), "height": max(bottom - top, 1.0)}
        square = svg.element("rect", svg.element("title", str(n)), x=left, y=top, **size, fill=colour((float(n) / most) ** 0.5))
        way_in = closer(Box(x0, x1, y0, y1)) if closer else ""
        drawn.append(svg.element("a", square, href=way_in, tabindex="-1", aria_label=str(n)) if way_in else square)
    return svg.group(drawn)
