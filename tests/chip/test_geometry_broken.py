"""One broken chip for every way of being wrong: each gives one message that says what, where, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from coculture.chip.geometry.check.whole import check_chip, checked_grid
from coculture.chip.geometry.reading import read_chip
from coculture.errors import CocultureError, FileError, InputError, Problem

FOLDER = Path(__file__).parent / "broken"

MESSAGES: dict[str, tuple[str, str, str]] = {
    # file: what, where after the file's name, remedy
    "not_toml": ("this is not valid TOML", "", "see toml.io"),
    "unknown_key": ("unknown key 'colour'", ", line 14, chamber[1].colour", "allowed here: depth_um"),
    "missing_depth": ("key 'depth_um' is missing", ", line 10, chamber[1].depth_um", "its depth"),
    "zero_depth": ("found 0", ", line 13, chamber[1].depth_um", "greater than 0"),
    "unknown_shape": ("found 'square'", ", line 12, chamber[1].shape.kind", "rectangle, disc, polygon"),
    "number_as_text": ("found '100'", ", line 13, chamber[1].depth_um", "write a number"),
    "count_of_zero": ("found 0", ", line 14, chamber[1].repeat[1].count", "greater than or equal to 1"),
    "formula_with_unknown_name": ("names 'lane_dept_um'", ", line 13, chamber[1].depth_um", "did you mean 'lane_depth_um'?"),
    "formula_that_is_none": ("'=sqrt(2)' holds what a formula cannot", ", line 13, chamber[1].depth_um", "+ - * / //"),
    "formula_with_bad_syntax": ("'=(2 + 3' is not a formula", ", line 13, chamber[1].depth_um", "parentheses"),
    "formula_divides_by_zero": ("divides by 0", ", line 13, chamber[1].depth_um", "the parameter that is 0"),
    "parameter_without_equals": ("found the text 'lane_depth_um'", ", line 13, chamber[1].depth_um", 'write "=lane_depth_um"'),
    "parameter_without_unit": ("does not carry its unit 'um'", ", line 15, parameters.lane_depth", "call it lane_depth_um"),
    "parameter_out_of_bounds": ("found 100, above 50", ", line 16, parameters.lane_depth_um.default", "give at most 50"),
    "parameter_not_whole": ("found 2.5", ", line 16, parameters.post_count.default", "write a whole number"),
    "channel_without_width": ("the channel has no width", ", line 15, channel[1]", "give width_um"),
    "channel_with_two_widths": ("width_um and widths_um are both given", ", line 15, channel[1]", "one width a point"),
    "widths_not_one_a_point": ("3 widths for 2 points", ", line 15, channel[1].widths_um", "one width a point"),
    "turn_too_sharp": ("turns by 179° at point 2", ", line 15, channel[1]", "put two points"),
    "point_twice": ("point 1 and point 2 are the same", ", line 15, channel[1]", "remove one of them"),
    "stretch_too_short": ("from point 2 to 3 is 20 µm long, too short", ", line 15, channel[1]", "move the points apart"),
    "name_twice": ("two parts are called 'lane'", ", line 15, chamber[2]", "rename one"),
    "polygon_crosses_itself": ("the polygon's outline crosses itself", ", line 15, chamber[2].shape", "in order around it"),
    "polygon_without_area": ("the polygon has no area", ", line 15, chamber[2].shape", "not lie on one line"),
    "tree_with_fewer_outlets": ("4 outlets for 4 inlets", ", line 10, tree[1].outlets", "more outlets than inlets"),
    "tree_with_touching_mixers": ("mixers of 50 µm stand 50 µm apart", ", line 10, tree[1].column_um", "make column_um larger"),
    "tree_with_touching_legs": ("legs of 10 µm stand 10 µm apart", ", line 10, tree[1].row_um", "make row_um larger"),
    "tree_without_room_for_detours": ("do not fit into 30 µm", ", line 10, tree[1].even_um", "give at least 140 µm"),
    "nothing_open": ("no channel and no chamber", "", "add a [[channel]] or a [[chamber]]"),
    "part_outside_frame": ("reaches 200 µm beyond the right edge", ", line 10, chamber[1]", "1000 × 400 µm: enlarge it"),
    "port_outside_frame": ("'out' reaches 50 µm beyond the right edge", ", line 19, outlet[1]", "or move the part"),
    "membrane_over_no_region": ("covers the region 'lanes'", ", line 23, membrane[1].region", "did you mean 'lane'?"),
    "channel_thinner_than_a_cell": ("8 µm wide, less than a cell of 10 µm", ", line 23, channel[1]", "at most 2.67 µm"),
    "channel_of_two_cells": ("20 µm wide: 2 cells of 10 µm across", ", line 23, channel[1]", "a pitch of at most 6.66 µm"),
    "post_smaller_than_a_cell": ("'pin' holds the centre of no cell", ", line 23, post[1]", "make the pitch smaller"),
    "posts_that_touch": ("the gap between posts 'fence' is closed", ", line 23, post[1]", "move the posts apart"),
    "posts_too_close": ("the gap between posts 'fence' is 20 µm wide", ", line 23, post[1]", "3 cells are needed"),
    "post_in_solid": ("copy 2 of the post 'fence' stands in solid", ", line 23, post[1]", "take fewer copies"),
    "post_near_wall": ("the gap between two solids about x = 4", ", line 23, post[1]", "3 cells are needed"),
    "grid_too_large": ("are 100,000,000,000 cells", ", pitch_um", "take a pitch of at least 0.0816 µm"),
    "gels_overlap": ("'fibrin' and the gel 'collagen' overlap on 100 cells", ", line 32, gel[2]", "a place holds one gel"),
    "regions_overlap": ("'right' and the region 'left' overlap on 200 cells", ", line 27, region[2]", "belongs to one region"),
    "chambers_overlap": ("'other' and the chamber 'lane' overlap on 100 cells", ", line 23, chamber[2]", "a [[region]]"),
    "ports_overlap": ("'out' and the inlet 'second' overlap on 25 cells", ", line 19, outlet[1]", "move one of the ports"),
    "port_half_on_solid": ("50% of the inlet 'second' lies over solid", ", line 23, inlet[2]", "over no post"),
    "port_in_solid": ("the inlet 'second' holds no open cell", ", line 23, inlet[2]", "move it onto a channel"),
    "inlet_without_outlet": ("from the inlet 'second' to an outlet", ", line 28, inlet[2]", "add an [[outlet]] there"),
    "outlet_without_inlet": ("from the outlet 'second' to an inlet", ", line 28, outlet[2]", "add an [[inlet]] there"),
    "chamber_cut_off": ("100 open cells", ", line 23, chamber[2]", "join them with a channel"),
    "gel_touches_no_fluid": ("the gel 'collagen' touches no fluid", ", line 28, gel[1]", "let a channel or chamber reach it"),
    "gel_without_support": ("a free surface of 1000 µm without support", ", line 28, gel[1]", "bridges at most 300 µm"),
    "gel_floats": ("the gel 'bead' touches no wall and no post", ", line 23, gel[1]", "add posts"),
}


def problems_of(path: Path) -> tuple[Problem, ...]:
    try:
        return check_chip(read_chip(path)).errors
    except CocultureError as error:
        return error.problems


def test_every_broken_file_has_its_message() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_broken_chip_gives_one_clear_message(name: str) -> None:
    path = FOLDER / f"{name}.toml"
    what, where, remedy = MESSAGES[name]
    problems = problems_of(path)
    assert len(problems) == 1, "\n".join(map(str, problems))
    (problem,) = problems
    assert what in problem.what
    assert problem.where == f"{path}{where}" or problem.where.startswith(f"{path}{where}, and {path}, line ")
    assert remedy in problem.remedy


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = (FOLDER / "unknown_key.toml").read_text() + '\n[[chamber]]\nname = "two"\n'
    path = tmp_path / "two.toml"
    path.write_text(text)
    assert [problem.what for problem in problems_of(path)] == [
        "unknown key 'colour'",
        "key 'shape' is missing",
        "key 'depth_um' is missing",
    ]


def test_a_checked_grid_is_a_grid_or_an_error() -> None:
    with pytest.raises(InputError, match="without support"):
        checked_grid(read_chip(FOLDER / "gel_without_support.toml"))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such design") as error:
        read_chip(tmp_path / "none.toml")
    assert "chip list" in error.value.problems[0].remedy
