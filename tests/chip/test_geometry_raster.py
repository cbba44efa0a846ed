"""A chip on a grid: which cells belong, what fills them, and how fast the area converges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.chip.small_chips import chamber, chip_of, shaped

from coculture.chip.geometry.raster import MOST_CELLS, rasterise
from coculture.chip.grid import FLUID, GEL, WALL
from coculture.errors import InputError

LANE = chamber("lane", 0, 0, 1000, 200)


def test_a_cell_belongs_where_its_centre_is_inside() -> None:
    grid = rasterise(chip_of(chamber("lane", 14, 26, 52, 30)))
    rows, columns = np.nonzero(grid.open)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (3, 5, 1, 6)
    assert grid.shape == (40, 100)
    assert set(np.unique(grid.depth_um)) == {0.0, 100.0}


def test_an_edge_through_centres_decides_alike_whatever_the_rounding() -> None:
    for shift in (0.0, 0.1 + 0.2 - 0.3, -1e-10):
        grid = rasterise(chip_of(chamber("lane", 15 + shift, 0, 50, 400)))
        assert np.array_equal(np.nonzero(grid.open[0])[0], np.arange(1, 6))


def test_chambers_that_touch_share_no_cell_at_any_pitch() -> None:
    chip = chip_of(chamber("left", 0, 0, 333, 400) + chamber("right", 333, 0, 667, 400, 50))
    for pitch in (3.0, 7.0, 9.5, 10.0):
        grid = rasterise(chip, pitch)
        inside = grid.open
        assert inside[: math.floor(400 / pitch), : math.floor(1000 / pitch)].all()
        assert np.array_equal(grid.in_region("left") ^ grid.in_region("right"), inside)
        assert (grid.depth_um[grid.in_region("right")] == 50).all()


def test_the_deepest_part_gives_the_depth_in_either_order() -> None:
    shallow, deep = chamber("shallow", 0, 0, 600, 200, 5), chamber("deep", 400, 0, 600, 200, 80, 'region = "shallow"')
    one, two = rasterise(chip_of(shallow + deep)), rasterise(chip_of(deep + shallow))
    assert np.array_equal(one.depth_um, two.depth_um)
    assert (one.depth_um[:20, :40] == 5).all()
    assert (one.depth_um[:20, 40:] == 80).all()


def test_posts_are_cut_out_and_gel_fills_what_is_open() -> None:
    parts = LANE + shaped("post", "post", 'kind = "rectangle", x_um = 500, y_um = 0, width_um = 50, height_um = 100')
    parts += shaped(
        "gel", "collagen", 'kind = "rectangle", x_um = 400, y_um = 0, width_um = 200, height_um = 300', "permeability_um2 = 0.1"
    )
    grid = rasterise(chip_of(parts))
    assert (grid.space[0:10, 50:55] == WALL).all()
    assert np.count_nonzero(grid.space == GEL) == 20 * 20 - 10 * 5
    assert np.count_nonzero(grid.space == FLUID) == 20 * 80
    assert np.array_equal(grid.gel >= 0, grid.space == GEL)
    assert np.array_equal(grid.in_region("collagen"), grid.space == GEL)
    assert grid.gels[0].permeability_um2 == 0.1
    assert (grid.depth_um[grid.space == WALL] == 0).all()
    assert (grid.depth_um[grid.open] > 0).all()


def test_regions_take_precedence_over_gels_over_chambers_over_channels() -> None:
    parts = '\n[[channel]]\nname = "way"\npoints_um = [[0, 100], [1000, 100]]\nwidth_um = 100\ndepth_um = 10\n'
    parts += chamber("room", 200, 0, 600, 200)
    parts += shaped(
        "gel", "gel", 'kind = "rectangle", x_um = 400, y_um = 0, width_um = 400, height_um = 200', "permeability_um2 = 1"
    )
    parts += shaped("region", "spot", 'kind = "rectangle", x_um = 600, y_um = 0, width_um = 100, height_um = 400')
    grid = rasterise(chip_of(parts))
    row = grid.region[10]
    assert [grid.region_names[row[column]] for column in (10, 30, 50, 65, 75, 90)] == ["way", "room", "gel", "spot", "gel", "way"]
    assert (grid.region[grid.space == WALL] == -1).all()


def test_copies_are_numbered_and_steps_multiply() -> None:
    more = 'repeat = [{ count = 2, dy_um = 100 }, { count = 3, dx_um = 200 }]\nregion = "well_{n}"'
    grid = rasterise(chip_of(chamber("wells", 50, 50, 50, 50, 100, more)))
    assert grid.region_names == tuple(f"well_{number}" for number in range(1, 7))
    assert [int(np.nonzero(grid.in_region(f"well_{n}"))[1][0]) for n in (1, 2, 3, 4)] == [5, 25, 45, 5]


def test_ports_hold_ascending_open_cells() -> None:
    port = shaped("inlet", "in", 'kind = "disc", x_um = 100, y_um = 100, diameter_um = 100')
    grid = rasterise(chip_of(LANE + port))
    (found,) = grid.ports
    assert found.kind == "inlet"
    assert found.cells.dtype == np.int64
    assert (np.diff(found.cells) > 0).all()
    rows, columns = np.divmod(found.cells, 100)
    assert ((rows + 0.5 - 10) ** 2 + (columns + 0.5 - 10) ** 2 < 25).all()
    assert found.cells.size == np.count_nonzero(np.hypot(*(np.mgrid[-5:5, -5:5] + 0.5)) < 5)


def test_cells_beyond_a_frame_that_is_no_multiple_of_the_pitch_are_walls() -> None:
    grid = rasterise(chip_of(chamber("lane", 0, 0, 1000, 400)), 30.0)
    assert grid.shape == (14, 34)
    assert grid.open[:13, :33].all()
    assert not grid.open[13].any()
    assert not grid.open[:, 33].any()


SHIFTED = """
[parameters]
dx_um = { default = 0, unit = "um", meaning = "shift", source = "made for a test" }
dy_um = { default = 0, unit = "um", meaning = "shift", source = "made for a test" }

[[chamber]]
name = "disc"
shape = { kind = "disc", x_um = "=203.7 + dx_um", y_um = "=200.3 + dy_um", diameter_um = 300 }
depth_um = 10

[[channel]]
name = "slanted"
points_um = [["=420 + dx_um", "=30 + dy_um"], ["=640 + dx_um", "=300 + dy_um"], ["=930 + dx_um", "=350 + dy_um"]]
width_um = 60
depth_um = 10
"""


def test_the_area_converges_with_the_pitch() -> None:
    """The relative error of the area falls as about the 1.5th power of the pitch h.

    About 1/h cells lie on the outline; each is counted whole or not at all, an error of the order of h². Were all errors of
    one sign, the sum would fall as h; as they are of either, it falls as h^1.5.
    """
    exact = sum(shape.area_um2 for part in chip_of(SHIFTED).open_parts for shape in part.shapes)
    pitches = np.array([20.0, 10.0, 5.0, 2.5])
    errors = []
    for pitch in pitches:
        shifts = np.random.default_rng(7).uniform(0, pitch, (12, 2)).tolist()
        grids = [rasterise(chip_of(SHIFTED, dx_um=dx, dy_um=dy), float(pitch)) for dx, dy in shifts]
        errors.append(math.sqrt(np.mean([(grid.open.sum() * pitch**2 / exact - 1) ** 2 for grid in grids])))
    rate = np.polyfit(np.log(pitches), np.log(errors), 1)[0]
    assert rate > 1.2, errors
    assert errors[1] < 0.005
    assert errors[3] < 0.001


@pytest.mark.parametrize(
    ("pitch", "said"), [(0.0, "a pitch of 0 µm"), (-1.0, "a pitch of -1 µm"), (float("nan"), "a pitch of nan")]
)
def test_a_pitch_that_is_none_is_refused(pitch: float, said: str) -> None:
    with pytest.raises(InputError, match=said):
        rasterise(chip_of(LANE), pitch)


def test_a_grid_too_large_for_memory_is_refused_with_a_pitch_that_is_not() -> None:
    chip = chip_of(LANE)
    with pytest.raises(InputError, match="take a pitch of at least") as error:
        rasterise(chip, 0.05)
    least = float(error.value.problems[0].remedy.split("at least ")[1].split(" µm")[0])
    assert 1000 * 400 / (least * 1.01) ** 2 < MOST_CELLS


def test_every_copy_that_no_cell_shows_is_refused() -> None:
    parts = LANE + shaped(
        "post", "pin", 'kind = "disc", x_um = 105, y_um = 105, diameter_um = 8', "repeat = [{ count = 5, dx_um = 24 }]"
    )
    with pytest.raises(InputError, match=r"the post 'pin' \(copy 2\) holds the centre of no cell of 10 µm"):
        rasterise(chip_of(parts))
