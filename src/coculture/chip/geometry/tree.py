"""The tree gradient generator: from a few keys to its channels, and to the network they form.

A level with B mixers hangs from a cross channel (a bus). The outflows of the B − 1 mixers above (or the inlets) reach the bus
half way between the mixers below, and part to both sides. Mixer j of a level so takes from outflows j − 1 and j. Serpentine
mixers have far more resistance than the bus, so every mixer of a level carries about the same flow (Dertinger et al., Anal.
Chem. 73:1240, 2001; Jeon et al., Langmuir 16:8311, 2000).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from coculture.chip.geometry.channel_path import path_length
from coculture.chip.geometry.design_file import TreeKeys
from coculture.chip.geometry.shapes import Point
from coculture.chip.network import ChannelNetwork, NetworkChannel


@dataclass(frozen=True)
class TreeLine:
    """One channel of a tree: its name, the nodes it joins, and its centre line."""

    name: str
    start: str
    end: str
    points_um: tuple[Point, ...]


def tree_lines(tree: TreeKeys) -> list[TreeLine]:
    """Return the channels of a tree, from the inlets down.

    Nodes are ``inlet_i``, ``level_k_in_j`` (top of a mixer), ``level_k_out_j`` (its bottom; level 0 are the inlets' ends) and
    ``outlet_j``; counted from 1, level 0 being the inlets.
    """
    lines: list[TreeLine] = []
    y = tree.y_um + tree.lead_um
    for number, x in enumerate(columns(tree, tree.inlets), start=1):
        name = f"inlet_{number}"
        lines.append(TreeLine(f"lead_{number}", name, f"level_0_out_{number}", ((x, tree.y_um), (x, y))))
    for level in range(1, tree.outlets - tree.inlets + 1):
        mixers = tree.inlets + level
        lines += _bus(tree, level, mixers, y)
        for number, x in enumerate(columns(tree, mixers), start=1):
            name = f"level_{level}"
            points = serpentine(tree, x, y)
            lines.append(TreeLine(f"{name}_mixer_{number}", f"{name}_in_{number}", f"{name}_out_{number}", points))
        y += mixer_height(tree)
    return lines + _merging(tree, y)


def drawn_lines(tree: TreeKeys) -> list[TreeLine]:
    """Return the channels of a tree as they are drawn: a bus is one channel that ends flush with its outer mixers."""
    lines: list[TreeLine] = []
    buses: dict[str, TreeLine] = {}
    for line in tree_lines(tree):
        if "_bus_" not in line.name:
            lines.append(line)
            continue
        name = line.name.rpartition("_")[0]
        first = buses.setdefault(name, line)
        buses[name] = TreeLine(name, first.start, line.end, (first.points_um[0], line.points_um[1]))
    half = tree.width_um / 2
    for bus in buses.values():
        (left, y), (right, _) = bus.points_um
        lines.append(TreeLine(bus.name, bus.start, bus.end, ((left - half, y), (right + half, y))))
    return lines


def columns(tree: TreeKeys, number: int, step: float | None = None) -> list[float]:
    """Return x of ``number`` channels, evenly about the middle line."""
    step = tree.column_um if step is None else step
    return [tree.x_um + (index - (number - 1) / 2) * step for index in range(number)]


def mixer_height(tree: TreeKeys) -> float:
    """Return the height of a level: from one bus to the next."""
    return (2 * tree.turns + 2) * tree.row_um


def tree_height(tree: TreeKeys) -> float:
    """Return the height of the whole tree, from the inlets to the ends of the outlets."""
    return tree.lead_um + (tree.outlets - tree.inlets) * mixer_height(tree) + tree.even_um + tree.merge_um


def serpentine(tree: TreeKeys, x: float, y: float) -> tuple[Point, ...]:
    """Return the centre line of a mixer that begins at (x, y) and ends straight below."""
    here = y + tree.row_um
    points: list[Point] = [(x, y), (x, here)]
    for turn in range(2 * tree.turns):
        side = x + (tree.leg_um if turn % 2 == 0 else -tree.leg_um)
        points += [(side, here), (side, here + tree.row_um)]
        here += tree.row_um
    return (*points, (x, here), (x, y + mixer_height(tree)))


def tree_network(tree: TreeKeys, name: str) -> ChannelNetwork:
    """Return the network of a tree: pumps are added by whoever drives it; the outlets are at 0 Pa."""
    lines = tree_lines(tree)
    nodes = dict.fromkeys(node for line in lines for node in (line.start, line.end))
    size = (tree.width_um, tree.depth_um)
    channels = tuple(NetworkChannel(line.name, line.start, line.end, *size, path_length(line.points_um)) for line in lines)
    inlets = tuple(f"inlet_{number}" for number in range(1, tree.inlets + 1))
    outlets = tuple(f"outlet_{number}" for number in range(1, tree.outlets + 1))
    return ChannelNetwork(name, tuple(nodes), channels, inlets, outlets)


def _bus(tree: TreeKeys, level: int, mixers: int, y: float) -> list[TreeLine]:
    """Return the halves of the bus between mixer tops and outflows from above, left to right, and the whole bus to draw."""
    below = [(x, f"level_{level}_in_{number}") for number, x in enumerate(columns(tree, mixers), start=1)]
    above = [(x, f"level_{level - 1}_out_{number}") for number, x in enumerate(columns(tree, mixers - 1), start=1)]
    along = sorted(below + above)
    return [
        TreeLine(f"level_{level}_bus_{number}", start, end, ((x0, y), (x1, y)))
        for number, ((x0, start), (x1, end)) in enumerate(itertools.pairwise(along), start=1)
    ]


def _merging(tree: TreeKeys, y: float) -> list[TreeLine]:
    """Return the outlet channels: detours that make all of one length, then slanted to their place."""
    level = tree.outlets - tree.inlets
    straight = [_merging_points(tree, x, end, y) for x, end in _merging_ends(tree)]
    longest = max(map(path_length, straight))
    lines = []
    for number, points in enumerate(straight, start=1):
        detour = _detours(tree, points[0], longest - path_length(points))
        line = (*detour, *points[1:])
        lines.append(TreeLine(f"merge_{number}", f"level_{level}_out_{number}", f"outlet_{number}", line))
    return lines


def shortest_even_um(tree: TreeKeys) -> float:
    """Return the height that the detours of the outlets need so that none is wider than a mixer."""
    straight = [path_length(_merging_points(tree, x, end, 0.0)) for x, end in _merging_ends(tree)]
    step = tree.row_um
    gained = 2 * (math.hypot(tree.leg_um, step) - step)
    return (2 * math.ceil((max(straight) - min(straight)) / gained) + 1) * step


def _merging_ends(tree: TreeKeys) -> list[tuple[float, float]]:
    """Return x of each outlet channel where it begins and where it ends."""
    return list(zip(columns(tree, tree.outlets), columns(tree, tree.outlets, tree.merge_column_um), strict=True))


def _merging_points(tree: TreeKeys, x: float, end: float, y: float) -> tuple[Point, ...]:
    """Return an outlet channel without detours: down, slanted to its place, down."""
    top, bottom, bend = y + tree.even_um, y + tree.even_um + tree.merge_um, 0.15 * tree.merge_um
    if x == end:
        return (x, y), (x, bottom)
    return (x, y), (x, top + bend), (end, bottom - bend), (end, bottom)


def _detours(tree: TreeKeys, start: Point, longer_by: float) -> tuple[Point, ...]:
    """Return the way from ``start`` down that is longer than straight: roofs of one height, as wide as it takes.

    A roof goes ``e`` aside on ``h`` and back on ``h``; it is longer than straight by 2 (√(e² + h²) − h).
    """
    x, y = start
    step = tree.row_um
    number = int((tree.even_um - step) // (2 * step))
    if number < 1 or longer_by < 1e-9:
        return (start,)
    aside = math.sqrt((step + longer_by / (2 * number)) ** 2 - step**2)
    top = y + tree.even_um - 2 * number * step
    roofs = [((x + aside, top + (2 * k + 1) * step), (x, top + (2 * k + 2) * step)) for k in range(number)]
    return (start, (x, top), *(point for roof in roofs for point in roof))
