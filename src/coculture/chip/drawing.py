"""Draw a chip to scale: regions in colour, posts cut out, gels hatched, ports named, a scale bar."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coculture.chip.drawing_parts import (
    EDGE,
    SOLID,
    draw_gels,
    draw_membranes,
    draw_posts,
    draw_regions,
    fill,
    length_text,
)
from coculture.chip.geometry.chip import Chip
from coculture.errors import FileError, InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".svg", ".png")
INLET, OUTLET = "#0060a8", "#b85000"
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "coculture",
    "font.family": "sans-serif",
    "hatch.linewidth": 0.4,
}
_LABEL = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.8}
_METADATA: dict[str, dict[str, Any]] = {".svg": {"Date": None, "Creator": None}, ".png": {"Software": None}}


def draw_chip(chip: Chip, path: Path, *, longest_inches: float = 7.0, dots_per_inch: float = 150) -> None:
    """Write a drawing of ``chip``, to scale, as SVG or PNG by the end of ``path``; the same chip gives the same bytes.

    Raises
    ------
    InputError : if ``path`` ends with neither .svg nor .png.
    FileError : if it cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise InputError(f"found '{path.suffix or path.name}'", str(path), f"a drawing ends with {' or '.join(FORMATS)}")
    import matplotlib

    with matplotlib.rc_context(_STYLE):
        figure = chip_figure(chip, longest_inches)
        try:
            figure.savefig(path, dpi=dots_per_inch, bbox_inches="tight", pad_inches=0.08, metadata=_METADATA[ending])
        except OSError as error:
            what = f"the drawing cannot be written: {error.strerror or error}"
            raise FileError(what, str(path), "name another place with -o") from None


def chip_figure(chip: Chip, longest_inches: float = 7.0) -> Figure:
    """Return the drawing as a figure; its longer side is ``longest_inches``, legend and title apart."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    scale = longest_inches / max(chip.width_um, chip.height_um)
    figure = Figure(figsize=(chip.width_um * scale, chip.height_um * scale))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, chip.width_um)
    axes.set_ylim(chip.height_um, 0)
    axes.set_axis_off()
    axes.add_patch(Rectangle((0, 0), chip.width_um, chip.height_um, facecolor=SOLID, edgecolor=EDGE, linewidth=0.6, zorder=0))
    handles = draw_regions(axes, chip) + draw_gels(axes, chip) + draw_membranes(axes, chip)
    draw_posts(axes, chip)
    _ports(axes, chip, 1 / (72 * scale))
    _scale_bar(axes, chip, 1 / (72 * scale))
    axes.set_title(f"{chip.name}: {chip.title}", loc="left", fontsize=9)
    wide = chip.width_um >= 1.2 * chip.height_um
    anchor = (0.0, -14 / (72 * figure.get_figheight())) if wide else (1.02, 1.0)
    look: dict[str, Any] = {"fontsize": 7, "frameon": False, "borderaxespad": 0.0, "ncols": 3 if wide else 1}
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=anchor, **look)
    return figure


def nice_length(most_um: float) -> float:
    """Return the largest of 1, 2, 5 × 10ⁿ µm that is at most ``most_um``."""
    power = 10.0 ** math.floor(math.log10(most_um))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= most_um * (1 + 1e-12))


def _ports(axes: Axes, chip: Chip, point_um: float) -> None:
    """Fill the ports and write their names: inside the frame at its left and right edge, and none over another."""
    written: list[tuple[float, float, float]] = []
    for port in chip.ports:
        colour = INLET if port.kind == "inlet" else OUTLET
        fill(axes, (port.shape,), colour, edge=colour, width=0.8, layer=5.0, alpha=0.45)
        left, top, right, bottom = port.shape.bounds_um
        half_um = 2.2 * len(port.name) * point_um
        x = min(max((left + right) / 2, half_um), max(chip.width_um - half_um, half_um))
        y = (top + bottom) / 2
        while any(abs(x - other) < half_um + half and abs(y - line) < 9 * point_um for other, line, half in written):
            y += 10 * point_um
        written.append((x, y, half_um))
        look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 7, "color": colour, "zorder": 6}
        axes.text(x, y, port.name, bbox=_LABEL, **look)


def _scale_bar(axes: Axes, chip: Chip, point_um: float) -> None:
    """Draw a bar of at most a third of the width below the frame, with its length."""
    length = nice_length(0.3 * chip.width_um)
    y = chip.height_um + 6 * point_um
    axes.plot([0, length], [y, y], color="black", linewidth=2, solid_capstyle="butt", clip_on=False, zorder=6, gid="scale_bar")
    axes.text(length + 5 * point_um, y, length_text(length), ha="left", va="center", fontsize=7)
