"""What is drawn over a field as scalable lines: who touches whom, and where cells came from."""

from __future__ import annotations

import numpy as np
import pandas as pd
from markupsafe import Markup

from coculture.report import svg

Window = tuple[float, float, float, float]


def contact_lines(cells: pd.DataFrame, contacts: pd.DataFrame, window: Window) -> Markup:
    """Draw a line between the centres of every pair of neighbours; those of different types stand out.

    Parameters
    ----------
    cells, contacts : rows of one site and time.
    window : (left, top, right, bottom) of what is shown, µm; so are the drawing's units.
    """
    known = cells.drop_duplicates("cell_id").set_index("cell_id")
    pairs = contacts[contacts["cell_a"].isin(known.index) & contacts["cell_b"].isin(known.index)]
    first, second = known.loc[pairs["cell_a"]], known.loc[pairs["cell_b"]]
    unlike = first["cell_type"].to_numpy() != second["cell_type"].to_numpy()
    ends = np.column_stack([first["x_um"], first["y_um"], second["x_um"], second["y_um"]]).reshape(-1, 4)
    drawn = [
        svg.element("path", d=_lines(ends[chosen]), class_=class_)
        for chosen, class_ in ((~unlike, "link link-alike"), (unlike, "link link-unlike"))
        if chosen.any()
    ]
    return _over(drawn, window)


def track_lines(cells: pd.DataFrame, site: int, t_min: float, window: Window) -> Markup:
    """Draw the way of every cell of a site up to ``t_min``."""
    before = cells[(cells["site"] == site) & (cells["t_min"] <= t_min)].sort_values(["track_id", "t_min"], kind="stable")
    ways = "".join(
        "M" + "L".join(f"{svg.number(x)} {svg.number(y)}" for x, y in zip(way["x_um"], way["y_um"], strict=True))
        for _, way in before.groupby("track_id", sort=True)
        if len(way) > 1
    )
    return _over([svg.element("path", d=ways, class_="way")] if ways else [], window)


def _lines(ends: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> str:
    return "".join(f"M{svg.number(x)} {svg.number(y)}L{svg.number(u)} {svg.number(v)}" for x, y, u, v in ends)


def _over(parts: list[Markup], window: Window) -> Markup:
    left, top, right, bottom = window
    box = " ".join(map(svg.number, (left, top, right - left, bottom - top)))
    return svg.element("svg", svg.group(parts), xmlns="http://www.w3.org/2000/svg", viewBox=box, preserveAspectRatio="none")
