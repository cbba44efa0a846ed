"""Heat map of similarities between treatments, alike ones side by side."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from coculture.report import svg
from coculture.report.colours import colour
from coculture.report.words.numbers import fixed

LONGEST_NAME = 28


def similarity_map(names: Sequence[str], values: Sequence[Sequence[float]], *, title: str, description: str) -> Markup:
    """Draw one square a pair of treatments, dark violet at −1 to yellow at 1; names to the left.

    Parameters
    ----------
    names : treatments in the order of rows and columns.
    values : similarities, −1 to 1.
    """
    size = max(7.0, min(26.0, 560.0 / max(len(names), 1)))
    left, top = 12.0 + 5.4 * max((min(len(name), LONGEST_NAME) for name in names), default=0), 8.0
    parts = []
    for row, name in enumerate(names):
        y = top + row * size
        shown = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
        parts.append(svg.text(left - 5, y + size / 2 + 3, shown, "tick", "end"))
        for column, value in enumerate(values[row]):
            tip = svg.element("title", f"{name} · {names[column]}: {fixed(value, 2)}")
            square = {"x": left + column * size, "y": y, "width": size, "height": size}
            parts.append(svg.element("rect", tip, **square, fill=colour((value + 1) / 2), shape_rendering="crispEdges"))
    extent = len(names) * size
    return svg.drawing(parts, left + extent + 4, top + extent + 6, title=title, description=description, class_="similarity-map")
