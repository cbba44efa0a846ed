"""Draw a chip to scale: regions in colour, posts cut out, gels hatched, ports named, a scale bar."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coculture.chip.geometry.chip import Chip
from coculture.chip.geometry.shapes import Shape
from coculture.errors import FileError, InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".svg", ".png")
PALETTE = ("#9ecae9", "#ffd08a", "#a6dcc0", "#e5b3d3", "#f4e98c", "#c7c1e6", "#f2b5a0", "#b9d48b", "#d2b48c", "#a9d6e5")
"""Light fills that stay apart for people who do not see red or green; taken in turn."""

SOLID, EDGE, INLET, OUTLET = "#e4e4e4", "#555555", "#0060a8", "#b85000"
_STYLE = {"svg.fonttype": "none", "svg.hashsalt": "coculture", "font.family": "sans-serif", "hatch.linewidth": 0.4}


def draw_chip(chip: Chip, path: Path, *, longest_inches: float = 7.0, dots_per_inch: float = 150) -> None:
    """Write a drawing of ``chip``, to scale, as SVG or PNG by the end of ``path``; the same chip gives the same bytes.

    Raises
    ------
    InputError : if ``path`` ends with neither .svg nor .png.
    FileError : if it cannot be written.
    """
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"found '{path.suffix or path.name}'", str(path), f"a drawing ends with {' or '.join(FORMATS)}")
    import matplotlib

    with matplotlib.rc_context(_STYLE):
        figure = chip_figure(chip, longest_inches)
        metadata: dict[str, Any] = {"Date": None, "Creator": None} if path.suffix.lower() == ".svg" else {"Software": None}
        try:
            figure.savefig(path, dpi=dots_per_inch, bbox_inches="tight", pad_inches=0.08, metadata=metadata)
        except OSError as error:
            raise FileError(
                f"the drawing cannot be written: {error.strerror or error}", str(path), "name another place"
            ) from None


def chip_figure(chip: Chip, longest_inches: float = 7.0) -> Figure:
    """Return the drawing as a figure; its longer side is ``longest_inches``, legend and title apart."""
    from matplotlib.figure import Figure

    scale = longest_inches / max(chip.width_um, chip.height_um)
    figure = Figure(figsize=(max(1.2, chip.width_um * scale), max(0.8, chip.height_um * scale)))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, chip.width_um)
    axes.set_ylim(chip.height_um, 0)
    axes.set_aspect("equal")
    axes.set_axis_off()
    _fill(axes, [], SOLID)
    axes.add_patch(_frame(chip))
    handles = _regions(axes, chip) + _gels(axes, chip) + _membranes(axes, chip)
    for post in chip.posts:
        _fill(axes, post.shapes, SOLID, edge=EDGE, width=0.3, order=4)
    _ports(axes, chip)
    _scale_bar(axes, chip, longest_inches)
    axes.set_title(f"{chip.name}: {chip.title}", loc="left", fontsize=9)
    wide = chip.width_um >= 1.2 * chip.height_um
    place = (
        {"loc": "upper left", "bbox_to_anchor": (0.0, -0.07)} if wide else {"loc": "upper left", "bbox_to_anchor": (1.02, 1.0)}
    )
    axes.legend(handles=handles, fontsize=7, frameon=False, borderaxespad=0.0, ncols=3 if wide else 1, **place)
    return figure


def nice_length(most_um: float) -> float:
    """Return the largest of 1, 2, 5 × 10ⁿ µm that is at most ``most_um``."""
    power = 10.0 ** math.floor(math.log10(most_um))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= most_um * (1 + 1e-12))


def length_text(length_um: float) -> str:
    """Return a length as a person reads it: ``500 µm``, ``2 mm``."""
    return f"{length_um / 1000:g} mm" if length_um >= 1000 else f"{length_um:g} µm"


def _frame(chip: Chip) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((0, 0), chip.width_um, chip.height_um, facecolor=SOLID, edgecolor=EDGE, linewidth=0.6, zorder=0)


def _fill(
    axes: Axes, shapes: Iterable[Shape], colour: str, *, edge: str = "none", width: float = 0.0, order: float = 1, **more: Any
) -> None:
    """Fill all ``shapes`` as one path: one element of the picture, however many copies."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    corners: list[tuple[float, float]] = []
    codes: list[int] = []
    for shape in shapes:
        outline = shape.outline()
        corners += [*outline, outline[0]]
        codes += [int(Outline.MOVETO), *[int(Outline.LINETO)] * (len(outline) - 1), int(Outline.CLOSEPOLY)]
    if corners:
        path = Outline(corners, codes)
        axes.add_patch(PathPatch(path, facecolor=colour, edgecolor=edge, linewidth=width, zorder=order, **more))


def _family(name: str) -> str:
    """Return the name that numbered regions share."""
    return re.sub(r"\d+", "", name) if re.search(r"_\d+$", name) else name


def _regions(axes: Axes, chip: Chip) -> list[Any]:
    """Fill the regions, channels first and named regions last; return the entries of the legend."""
    from matplotlib.patches import Patch

    colours: dict[str, str] = {}
    words: dict[str, str] = {}
    layers: list[tuple[str, Shape, float]] = []
    for kind, order in (("channel", 1.0), ("chamber", 2.0)):
        for part in chip.open_parts:
            if part.kind == kind:
                layers += [(name, shape, order) for name, shape in zip(part.regions, part.shapes, strict=True)]
                for name in part.regions:
                    words.setdefault(_family(name), f"{length_text(part.depth_um)} deep")
    for region in chip.regions:
        layers += [(name, shape, 2.5) for name, shape in zip(region.names, region.shapes, strict=True)]
    grouped: dict[tuple[str, float], list[Shape]] = {}
    for name, shape, order in layers:
        grouped.setdefault((_family(name), order), []).append(shape)
    counts: dict[str, set[str]] = {}
    for name, _, _ in layers:
        counts.setdefault(_family(name), set()).add(name)
    for (family, order), shapes in grouped.items():
        colour = colours.setdefault(family, PALETTE[len(colours) % len(PALETTE)])
        _fill(axes, shapes, colour, edge=colour, width=0.35, order=order)
    handles = []
    for family, colour in colours.items():
        numbered = f" ({len(counts[family])})" if len(counts[family]) > 1 else ""
        depth = f", {words[family]}" if family in words else ""
        handles.append(Patch(facecolor=colour, edgecolor=EDGE, linewidth=0.3, label=f"{family.rstrip('_')}{numbered}{depth}"))
    return handles


def _gels(axes: Axes, chip: Chip) -> list[Any]:
    from matplotlib.patches import Patch

    handles = []
    for number, gel in enumerate(chip.gels):
        hatch = ("////", "\\\\\\\\", "xxxx")[number % 3]
        _fill(axes, gel.shapes, "none", edge="#8a6d3b", order=3, hatch=hatch)
        handles.append(Patch(facecolor="none", edgecolor="#8a6d3b", hatch=hatch, label=f"gel: {gel.kind.name}"))
    return handles


def _membranes(axes: Axes, chip: Chip) -> list[Any]:
    from matplotlib.patches import Patch

    handles = []
    for cover in chip.membranes:
        covered = [
            shape
            for region in chip.regions
            for name, shape in zip(region.names, region.shapes, strict=True)
            if name == cover.membrane.region
        ]
        covered += [
            shape
            for part in chip.open_parts
            for name, shape in zip(part.regions, part.shapes, strict=True)
            if name == cover.membrane.region and not covered
        ]
        _fill(axes, covered, "none", edge="#303030", order=3.2, hatch="....")
        handles.append(Patch(facecolor="none", edgecolor="#303030", hatch="....", label=f"membrane: {cover.membrane.name}"))
    return handles


def _ports(axes: Axes, chip: Chip) -> None:
    from matplotlib.patheffects import withStroke

    for port in chip.ports:
        colour = INLET if port.kind == "inlet" else OUTLET
        _fill(axes, (port.shape,), colour, edge=colour, width=0.8, order=5, alpha=0.45)
        left, top, right, bottom = port.shape.bounds_um
        x, y = (left + right) / 2, (top + bottom) / 2
        side = "left" if x < 0.12 * chip.width_um else "right" if x > 0.88 * chip.width_um else "center"
        x = {"left": left, "right": right, "center": x}[side]
        text = axes.text(x, y, port.name, ha=side, va="center", fontsize=7, color=colour, zorder=6)
        text.set_path_effects([withStroke(linewidth=1.8, foreground="white")])


def _scale_bar(axes: Axes, chip: Chip, longest_inches: float) -> None:
    """Draw a bar of about a quarter of the width below the frame, with its length."""
    length = nice_length(0.3 * chip.width_um)
    points = max(chip.width_um, chip.height_um) / (72 * longest_inches)
    y = chip.height_um + 6 * points
    axes.plot([0, length], [y, y], color="black", linewidth=2, solid_capstyle="butt", clip_on=False, zorder=6)
    axes.text(length + 5 * points, y, length_text(length), ha="left", va="center", fontsize=7)
