"""The seven designs that come with the program: they pass their check, and have the dimensions they promise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coculture.chip.flow.medium import Medium
from coculture.chip.flow.network.kirchhoff import solve_network
from coculture.chip.flow.network.mixing import christmas_tree, mix_network
from coculture.chip.geometry.check.whole import check_chip
from coculture.chip.geometry.library import design_names, design_text, load_design
from coculture.chip.geometry.raster import rasterise
from coculture.chip.grid import WALL
from coculture.chip.network import FlowPump
from coculture.errors import InputError

NAMES = ("confine", "gap", "groove2", "lane3", "membrane", "microwell", "tree")

VARIANTS = [
    ("lane3", {"gel_width_um": 400, "media_width_um": 400, "depth_um": 220, "lane_length_um": 5000}),
    ("lane3", {"gap_um": 150, "post_length_um": 250, "post_thickness_um": 150}),
    ("groove2", {"groove_length_um": 150, "chamber_width_um": 500, "chamber_length_um": 1400, "groove_count": 20}),
    ("groove2", {"groove_length_um": 900, "chamber_width_um": 500, "chamber_length_um": 1400, "groove_count": 20}),
    ("tree", {"inlet_count": 3, "outlet_count": 9, "chamber_width_um": 3600}),
    ("tree", {"inlet_count": 2, "outlet_count": 6, "width_um": 100, "column_um": 1000, "chamber_width_um": 900}),
    ("confine", {"copies_count": 1, "mouth_um": 50}),
    ("gap", {"gap_um": 900}),
    ("membrane", {"membrane_length_um": 4000, "porosity_fraction": 0.2}),
    ("microwell", {"columns_count": 2, "rows_count": 2, "well_um": 400}),
]


def test_the_designs_are_seven() -> None:
    assert design_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_design_passes_its_own_check(name: str) -> None:
    report = check_chip(load_design(name))
    assert report.errors == ()
    assert all("µm deep and" in warning.what for warning in report.warnings)


@pytest.mark.parametrize(("name", "changed"), VARIANTS)
def test_a_design_passes_with_other_parameters(name: str, changed: dict[str, float]) -> None:
    pitch = 25.0 if changed.get("width_um") == 100 else None
    chip = load_design(name, **changed)
    assert check_chip(chip, pitch).errors == ()
    for parameter, value in changed.items():
        assert chip.parameters[parameter].value == value
        assert chip.parameters[parameter].default != value or name == "tree"


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_says_what_it_is_and_whence_it_comes(name: str) -> None:
    for parameter in load_design(name).parameters.values():
        assert parameter.meaning
        assert parameter.source
        assert f"[parameters.{parameter.name}]" in design_text(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_changes_something(name: str) -> None:
    chip = load_design(name)
    for parameter in chip.parameters.values():
        other = parameter.default + 1 if parameter.unit == "count" else parameter.default * 0.9
        changed = load_design(name, **{parameter.name: other})
        assert _drawn(changed) != _drawn(chip), parameter.name


def _drawn(chip: object) -> str:
    fields = ("width_um", "height_um", "open_parts", "posts", "gels", "regions", "ports", "membranes")
    return repr([getattr(chip, field) for field in fields])


def widths(row: np.ndarray, pitch: float) -> list[float]:
    """Return the widths of the runs of True along a row."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(int), [0]])))
    return ((edges[1::2] - edges[::2]) * pitch).tolist()


def test_groove2() -> None:
    grid = rasterise(load_design("groove2"))
    across = grid.space[:, grid.shape[1] // 2] != WALL
    assert widths(across, grid.pitch_um) == [10.0] * 100
    assert set(np.unique(grid.depth_um)) == {0, 5, 100}
    assert widths(grid.in_region("grooves")[14], 2.5) == [450.0]
    assert widths(grid.in_region("left_chamber")[14], 2.5) == [1500.0]
    assert widths(grid.in_region("right_chamber")[:, -1], 2.5) == [7000.0]


def test_lane3() -> None:
    grid = rasterise(load_design("lane3"))
    middle = grid.shape[1] // 2
    lanes = [grid.in_region(name)[:, 5] for name in ("upper_lane", "lower_lane")]
    assert [widths(lane, 25) for lane in lanes] == [[500.0], [500.0]]
    assert np.count_nonzero(grid.gel[:, middle] >= 0) * 25 <= 1300
    gel_columns = np.count_nonzero((grid.gel >= 0)[grid.shape[0] // 2]) * 25
    assert gel_columns == 9000
    border = grid.space[500 // 25 - 1, 1000 // 25 : 10000 // 25] != WALL
    assert widths(border, 25)[1:-1] == [pytest.approx(125.0, abs=25)] * 28


def test_tree() -> None:
    chip = load_design("tree")
    assert chip.network is not None
    assert (chip.network.inlets, len(chip.network.outlets)) == (("inlet_1", "inlet_2"), 5)
    assert {(channel.width_um, channel.depth_um) for channel in chip.network.channels} == {(300.0, 200.0)}
    grid = rasterise(chip)
    assert [port.name for port in grid.ports] == ["inlet_1", "inlet_2", "out"]
    assert widths(grid.in_region("cell_chamber")[-30], 50) == [2200.0]


@pytest.mark.parametrize(("inlets", "outlets"), [(2, 3), (2, 5), (3, 9)])
def test_the_network_of_a_tree_is_a_tree_generator(inlets: int, outlets: int) -> None:
    network = load_design("tree", inlet_count=inlets, outlet_count=outlets).network
    assert network is not None
    mixers = [channel for channel in network.channels if "_mixer_" in channel.name]
    assert len(mixers) == sum(range(inlets + 1, outlets + 1))
    assert len({round(channel.length_um, 6) for channel in mixers}) == 1
    buses = [channel for channel in network.channels if "_bus_" in channel.name]
    assert {channel.length_um for channel in buses} == {1000.0}
    assert mixers[0].length_um > 10 * buses[0].length_um
    for level in range(1, outlets - inlets + 1):
        for number in range(1, inlets + level + 1):
            joined = {
                end
                for channel in buses
                for end in (channel.start, channel.end)
                if f"level_{level}_in_{number}" in (channel.start, channel.end)
            }
            sources = {f"level_{level - 1}_out_{number - 1}", f"level_{level - 1}_out_{number}"}
            assert joined - {f"level_{level}_in_{number}"} == {s for s in sources if s in network.nodes}


@pytest.mark.parametrize(("entering", "outlets", "tolerance"), [((0, 1), 5, 0.002), ((0, 1), 6, 0.002), ((0, 1, 0), 9, 0.006)])
def test_a_tree_gives_the_ideal_gradient(entering: tuple[float, ...], outlets: int, tolerance: float) -> None:
    network = load_design("tree", inlet_count=len(entering), outlet_count=outlets).network
    assert network is not None
    lengths = [channel.length_um for channel in network.channels if channel.name.startswith("merge_")]
    assert np.ptp(lengths) < 1e-6
    flow = solve_network(replace(network, flow_pumps=tuple(FlowPump(node, 1e9) for node in network.inlets)), Medium(7e-4))
    mixed = mix_network(flow, dict(zip(network.inlets, map(float, entering), strict=True)))
    found = [mixed.node[network.nodes.index(node)] for node in network.outlets]
    assert found == pytest.approx([float(value) for value in christmas_tree(entering, outlets)], abs=tolerance)


def test_the_drawn_channels_of_a_tree_are_those_of_its_network() -> None:
    chip = load_design("tree")
    assert chip.network is not None
    drawn = sum(shape.area_um2 for part in chip.open_parts if set(part.regions) == {"tree"} for shape in part.shapes)
    network = sum(channel.length_um * channel.width_um for channel in chip.network.channels)
    flush = 3 * 300 * 300
    assert drawn == pytest.approx(network + flush, rel=1e-9)


def test_confine() -> None:
    grid = rasterise(load_design("confine"))
    end = grid.space[:, 400 + 399] != WALL
    mouth = grid.space[:, 400] != WALL
    assert widths(end, 1) == [3.0] * 4 + [6.0] * 4 + [10.0] * 4 + [20.0] * 4 + [50.0] * 4 + [10.0] * 4
    assert widths(mouth, 1)[-4:] == [pytest.approx(35.0, abs=1)] * 4
    assert widths(grid.in_region("width_3")[31], 1) == [400.0]


def test_gap() -> None:
    grid = rasterise(load_design("gap"))
    assert (grid.shape[1] * 10, grid.shape[0] * 10) == (1900, 1440)
    assert [widths(grid.in_region(name)[7], 10) for name in ("left_sheet", "gap", "right_sheet")] == [[700.0], [500.0], [700.0]]


def test_membrane() -> None:
    grid = rasterise(load_design("membrane"))
    (membrane,) = grid.membranes
    assert (membrane.thickness_um, membrane.pore_radius_um, membrane.porosity) == (55, 10, 0.14)
    assert membrane.tank_volume_um3 == 1.5e12
    assert np.count_nonzero(grid.in_region(membrane.region)) * grid.pitch_um**2 == 8000 * 4000


def test_microwell() -> None:
    grid = rasterise(load_design("microwell"))
    wells = grid.depth_um == 650
    assert widths(wells[10], 20) == [600.0] * 6
    assert widths(wells[:, 60], 20) == [600.0] * 4
    assert len([name for name in grid.region_names if name.startswith("well_")]) == 24


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"gel_widht_um": 3}, "there is no parameter 'gel_widht_um'"),
        ({"gel_width_um": float("nan")}, "found nan"),
        ({"gel_width_um": 1}, "found 1, below 50"),
        ({"gel_width_um": True}, "found True"),
        ({"gel_width_um": "wide"}, "found 'wide'"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused(changed: dict[str, float], said: str) -> None:
    with pytest.raises(InputError, match=said) as error:
        load_design("lane3", **changed)
    assert error.value.problems[0].where.startswith("lane3.toml")
    assert error.value.problems[0].remedy


def test_the_nearest_design_is_offered() -> None:
    with pytest.raises(InputError, match="there is no design 'lane4'"):
        load_design("lane4")
    with pytest.raises(InputError, match="did you mean 'lane3'"):
        load_design("lane4")
