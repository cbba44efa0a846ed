"""The parts of a drawn chip: regions in colour, gels and membranes hatched, posts; each kind gives its entries of the legend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from coculture.chip.geometry.chip import Chip
from coculture.chip.geometry.shapes import Shape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PALETTE = ("#9ecae9", "#ffd08a", "#a6dcc0", "#e5b3d3", "#f4e98c", "#c7c1e6", "#f2b5a0", "#b9d48b", "#d2b48c", "#a9d6e5")
"""Light fills that stay apart for people who do not see red or green; taken in turn."""

SOLID, EDGE, GEL_EDGE, MEMBRANE_EDGE = "#e4e4e4", "#555555", "#8a6d3b", "#303030"
GEL_HATCHES, MEMBRANE_HATCH = ("////", "\\\\\\\\", "xxxx"), "++++"


@dataclass(frozen=True)
class Tile:
    """A shape of a region, and the layer it is painted in: channels, chambers, named regions."""

    region: str
    shape: Shape
    layer: float


def tiles_of(chip: Chip) -> list[Tile]:
    """Return all shapes of all regions, as they are painted."""
    tiles: list[Tile] = []
    for kind, layer in (("channel", 1.0), ("chamber", 2.0)):
        for part in chip.open_parts:
            if part.kind == kind:
                tiles += [Tile(name, shape, layer) for name, shape in zip(part.regions, part.shapes, strict=True)]
    for region in chip.regions:
        tiles += [Tile(name, shape, 2.5) for name, shape in zip(region.names, region.shapes, strict=True)]
    return tiles


def families_of(names: Iterable[str]) -> dict[str, str]:
    """Return, for each region, the name it goes by in the legend: ``well_1`` to ``well_24`` all go by ``well``.

    Names are joined only where they are numbered from 1 without a gap, as copies are.
    """
    numbered: dict[str, set[int]] = {}
    for name in names:
        stem, _, number = name.rpartition("_")
        if stem and number.isdecimal():
            numbered.setdefault(stem, set()).add(int(number))
    copies = {stem for stem, found in numbered.items() if len(found) > 1 and found == set(range(1, len(found) + 1))}
    return {name: stem if (stem := name.rpartition("_")[0]) in copies else name for name in names}


def depth_at(chip: Chip, shape: Shape) -> float | None:
    """Return the depth of the chip in the middle of ``shape``; None where it is solid there."""
    left, top, right, bottom = shape.bounds_um
    x, y = np.array([(left + right) / 2]), np.array([(top + bottom) / 2])
    depths = [part.depth_um for part in chip.open_parts if any(piece.contains(x, y)[0] for piece in part.shapes)]
    return max(depths, default=None)


def length_text(length_um: float) -> str:
    """Return a length as a person reads it: ``500 µm``, ``2 mm``."""
    return f"{length_um / 1000:g} mm" if length_um >= 1000 else f"{length_um:g} µm"


def fill(
    axes: Axes,
    shapes: Iterable[Shape],
    colour: str,
    *,
    edge: str = "none",
    width: float = 0.0,
    layer: float = 1.0,
    **more: Any,
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
        patch = PathPatch(Outline(corners, codes), facecolor=colour, edgecolor=edge, linewidth=width, zorder=layer, **more)
        axes.add_patch(patch)


def draw_regions(axes: Axes, chip: Chip) -> list[Any]:
    """Fill the regions and return their entries of the legend, each with its depth."""
    from matplotlib.patches import Patch

    tiles = tiles_of(chip)
    families = families_of(dict.fromkeys(tile.region for tile in tiles))
    grouped: dict[tuple[str, float], list[Shape]] = {}
    for tile in tiles:
        grouped.setdefault((families[tile.region], tile.layer), []).append(tile.shape)
    colours: dict[str, str] = {}
    depths: dict[str, float | None] = {}
    for (family, layer), shapes in grouped.items():
        colour = colours.setdefault(family, PALETTE[len(colours) % len(PALETTE)])
        depths.setdefault(family, depth_at(chip, shapes[0]))
        fill(axes, shapes, colour, edge=colour, width=0.35, layer=layer)
    handles = []
    for family, colour in colours.items():
        number = sum(name == family for name in families.values())
        depth = depths[family]
        words = f"{family} (× {number})" if number > 1 else family
        words += f", {length_text(depth)} deep" if depth else ""
        handles.append(Patch(facecolor=colour, edgecolor=EDGE, linewidth=0.3, label=words))
    return handles


def draw_gels(axes: Axes, chip: Chip) -> list[Any]:
    """Hatch the gels and return their entries of the legend."""
    from matplotlib.patches import Patch

    handles = []
    for number, gel in enumerate(chip.gels):
        hatch = GEL_HATCHES[number % len(GEL_HATCHES)]
        fill(axes, gel.shapes, "none", edge=GEL_EDGE, layer=3.0, hatch=hatch)
        handles.append(Patch(facecolor="none", edgecolor=GEL_EDGE, hatch=hatch, label=f"gel: {gel.kind.name}"))
    return handles


def draw_membranes(axes: Axes, chip: Chip) -> list[Any]:
    """Hatch the regions under membranes and return their entries of the legend."""
    from matplotlib.patches import Patch

    handles = []
    tiles = tiles_of(chip)
    for cover in chip.membranes:
        covered = [tile.shape for tile in tiles if tile.region == cover.membrane.region]
        fill(axes, covered, "none", edge=MEMBRANE_EDGE, layer=3.2, hatch=MEMBRANE_HATCH)
        label = f"membrane: {cover.membrane.name}"
        handles.append(Patch(facecolor="none", edgecolor=MEMBRANE_EDGE, hatch=MEMBRANE_HATCH, label=label))
    return handles


def draw_posts(axes: Axes, chip: Chip) -> None:
    """Fill the posts as solid."""
    for post in chip.posts:
        fill(axes, post.shapes, SOLID, edge=EDGE, width=0.3, layer=4.0)
