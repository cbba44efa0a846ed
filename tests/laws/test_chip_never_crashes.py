"""Whatever stands in a design file, reading and checking it gives a chip or a message, never a traceback and never a NaN."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coculture.chip.geometry.check.whole import check_chip
from coculture.chip.geometry.library import design_text
from coculture.chip.geometry.reading import parse_chip
from coculture.errors import CocultureError, Problem

BASE = """
name = "small"
title = "A small chip"
source = "made for a test"
pitch_um = 20

[frame]
width_um = 1000
height_um = 600

[parameters.lane_um]
default = 200
unit = "um"
meaning = "width of the lane"
source = "made for a test"

[derived]
half_um = "=lane_um / 2"

[[channel]]
name = "lane"
points_um = [[0, "=half_um"], [500, "=half_um"], [1000, 300]]
width_um = "=lane_um"
depth_um = 100

[[chamber]]
name = "room"
shape = { kind = "disc", x_um = 500, y_um = 400, diameter_um = 300 }
depth_um = 50
repeat = [{ count = 2, dx_um = 200 }]

[[post]]
name = "post"
shape = { kind = "polygon", points_um = [[450, 350], [550, 350], [500, 450]] }

[[gel]]
name = "gel"
shape = { kind = "rectangle", x_um = 400, y_um = 400, width_um = 300, height_um = 200 }
permeability_um2 = 0.1

[[region]]
name = "spot_{n}"
shape = { kind = "rectangle", x_um = 0, y_um = 0, width_um = 100, height_um = 100 }

[[inlet]]
name = "in"
shape = { kind = "disc", x_um = 100, y_um = 100, diameter_um = 80 }

[[outlet]]
name = "out"
shape = { kind = "disc", x_um = 900, y_um = 280, diameter_um = 80 }

[[membrane]]
name = "membrane"
region = "spot_1"
thickness_um = 10
pore_radius_um = 1
porosity = 0.1
tank_volume_ul = 100
"""

NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6), st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([0, 1, 20, 1e-9, 1e12])
)
VALUES = st.one_of(
    NUMBERS,
    st.booleans(),
    st.text(max_size=8),
    st.sampled_from(["=lane_um", "=1/0", "=lane_um * 1e300 * 1e300", "={n}", "lane", "room", "spot_1", "disc", "rectangle"]),
    st.lists(st.lists(NUMBERS, min_size=2, max_size=2), max_size=4),
    st.builds(dict),
)


def places(tree: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path of every value of a tree."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path] * bool(path) + [place for key, value in items for place in places(value, (*path, key))]


def toml(value: Any) -> str:
    """Return a value as TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08x}" for letter in value) + '"'
    return str(value).lower()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_spoilt_design_gives_a_chip_or_a_message(data: st.DataObject) -> None:
    tree = tomllib.loads(BASE)
    for place in data.draw(st.lists(st.sampled_from(places(tree)), min_size=1, max_size=3, unique=True), label="places"):
        holder = tree
        try:
            for key in place[:-1]:
                holder = holder[key]
            holder[place[-1]] = data.draw(VALUES, label=str(place))
        except (KeyError, IndexError, TypeError):
            continue
    text = "\n".join(f"{key} = {toml(value)}" for key, value in tree.items())
    try:
        report = check_chip(parse_chip(text, "spoilt.toml"), cells_across=2)
    except CocultureError as error:
        report = None
        problems = error.problems
    else:
        problems = report.errors + report.warnings
    assert all(problem.what and problem.where.startswith("spoilt.toml") for problem in problems)
    if report is not None and report.grid is not None:
        grid = report.grid
        assert np.isfinite(grid.depth_um).all()
        assert np.array_equal(grid.depth_um > 0, grid.open)
        assert np.array_equal(grid.region >= 0, grid.open)
        assert all(grid.open.ravel()[port.cells].all() for port in grid.ports)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200), cut=st.integers(0, 3000), place=st.integers(0, 3000))
def test_a_design_that_is_cut_up_gives_a_chip_or_a_message(text: str, cut: int, place: int) -> None:
    base = design_text("lane3")
    problems: tuple[Problem, ...] = ()
    try:
        parse_chip(base[:place] + text + base[place + cut :], "cut.toml")
    except CocultureError as error:
        problems = error.problems
    assert all(problem.what and problem.where.startswith("cut.toml") for problem in problems)
