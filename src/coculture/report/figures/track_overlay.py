"""Tracks over the last image of a field: where each cell came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from coculture.report import svg
from coculture.report.figures.crop import scale_bar

FINE = 4
"""Steps per pixel in which paths are written: whole numbers are short, and a quarter of a pixel is not seen."""


@dataclass(frozen=True)
class TrackLine:
    """One track in pixels of the picture.

    Attributes
    ----------
    points : (x, y) from the first time to the last.
    recent : how many of the last points belong to the recent part, which is drawn strongly; 0 for a track that ended early.
    here : whether the cell is in the image that is shown.
    """

    points: Sequence[tuple[float, float]]
    recent: int
    here: bool


def track_overlay(
    source: str, size: tuple[int, int], pixel_size_um: float, lines: Sequence[tuple[str, Sequence[TrackLine]]], *, title: str
) -> Markup:
    """Draw the picture at ``source`` (a data address) and the tracks of each type over it.

    Parameters
    ----------
    size : width and height of the picture in its own pixels.
    lines : key of the colour (``cells-0`` …) and the tracks of one type.
    """
    width, height = size
    parts = [svg.element("image", href=source, width=width, height=height)]
    parts += [_type(key, tracks) for key, tracks in lines]
    parts.append(scale_bar(width, height, pixel_size_um))
    return svg.drawing(parts, width, height, title=title, class_="crop overlay")


def _type(key: str, tracks: Sequence[TrackLine]) -> Markup:
    old = "".join(track_path(track.points) for track in tracks)
    recent = "".join(track_path(track.points[-track.recent :]) for track in tracks if track.recent > 1)
    ends = "".join(_dot(track.points[-1]) for track in tracks if track.here)
    shrunk = f"scale({svg.number(1 / FINE)})"
    parts = [
        svg.element("path", d=text, class_=class_, transform=shrunk)
        for text, class_ in ((old, "track"), (recent, "track recent"), (ends, "track here"))
        if text
    ]
    return svg.group(parts, class_=f"outline-{key}")


def track_path(points: Sequence[tuple[float, float]]) -> str:
    """Return the ``d`` of the line through ``points`` in steps of 1/:data:`FINE` pixel; '' for fewer than two places."""
    fine = [(round(x * FINE), round(y * FINE)) for x, y in points]
    steps = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(fine) if (ax, ay) != (bx, by)]
    if not steps:
        return ""
    text = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
    return f"M{fine[0][0]} {fine[0][1]}l{text}"


def _dot(point: tuple[float, float]) -> str:
    return f"M{round(point[0] * FINE)} {round(point[1] * FINE)}h0"
