"""What is drawn over a field as scalable lines: who touches whom, and where cells came from."""

from __future__ import annotations

import numpy as np
import pandas as pd
from markupsafe import Markup

from coculture.chip.flow.field import FlowField
from coculture.report import svg

ARROWS = 30
"""Arrows of the flow along the longer side of what is shown."""

LEAST_SHARE = 0.01
"""Of the fastest flow in view; what is slower has no arrow."""

Window = tuple[float, float, float, float]
Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]
"""(n, 2) places."""


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


def flow_lines(flow: FlowField, window: Window) -> Markup:
    """Draw arrows along the flow; their length is the speed averaged over depth, the longest is the fastest in view."""
    left, top, right, bottom = window
    step = max(right - left, bottom - top) / ARROWS
    across, down = np.meshgrid(np.arange(left + step / 2, right, step), np.arange(top + step / 2, bottom, step))
    rows, columns = ((place / flow.grid.pitch_um).astype(np.intp) for place in (down, across))
    inside = (rows >= 0) & (rows < flow.grid.shape[0]) & (columns >= 0) & (columns < flow.grid.shape[1])
    along = np.stack([part[rows[inside], columns[inside]] for part in flow.velocity()], axis=1)
    speed = np.hypot(along[:, 0], along[:, 1])
    fastest = float(speed.max(initial=0.0))
    chosen = speed > max(LEAST_SHARE * fastest, 0.0)
    starts = np.column_stack([across[inside], down[inside]])[chosen]
    arrows = along[chosen] / max(fastest, 1e-300) * 0.9 * step
    return _over([svg.element("path", d=_arrows(starts - arrows / 2, arrows), class_="stream")] if chosen.any() else [], window)


def _arrows(starts: Points, arrows: Points) -> str:
    """Return each arrow as a line with two short strokes at its end."""
    ends = starts + arrows
    aside = np.column_stack([-arrows[:, 1], arrows[:, 0]])
    barbs = (ends - 0.3 * arrows + 0.18 * aside, ends - 0.3 * arrows - 0.18 * aside)
    points = np.concatenate([starts, ends, barbs[0], ends, barbs[1]], axis=1)
    return "".join("M{} {}L{} {}M{} {}L{} {}L{} {}".format(*map(svg.number, row)) for row in points)


def _lines(ends: Points) -> str:
    return "".join(f"M{svg.number(x)} {svg.number(y)}L{svg.number(u)} {svg.number(v)}" for x, y, u, v in ends)


def _over(parts: list[Markup], window: Window) -> Markup:
    left, top, right, bottom = window
    box = " ".join(map(svg.number, (left, top, right - left, bottom - top)))
    return svg.element("svg", svg.group(parts), xmlns="http://www.w3.org/2000/svg", viewBox=box, preserveAspectRatio="none")
