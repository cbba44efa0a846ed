"""Laws of flow with exact or published answers: ducts, networks, plane Brinkman, posts, balance, gradient generators.

Numbers of the network and of the gradient generators: MMFT simulator's own tests (Fink et al., IEEE Access 10:28155, 2022).
Posts: J. E. Drummond & M. I. Tahir, Int. J. Multiphase Flow 10:515 (1984), lengths in units of the post's radius.
"""

import json
import math
from fractions import Fraction

import numpy as np
import pytest
from tests.cases.flow_grids import post_array, slanted, straight, two_chambers

from coculture.chip.flow.cross_section import cross_section
from coculture.chip.flow.medium import Medium
from coculture.chip.flow.model_error import floor_stress_factor, flow_error_percent
from coculture.chip.flow.network.kirchhoff import solve_network
from coculture.chip.flow.network.mixing import christmas_tree, mix_network
from coculture.chip.flow.network.resistance import duct_resistance
from coculture.chip.flow.ports import PortCondition
from coculture.chip.flow.solve import solve_flow
from coculture.chip.network import ChannelNetwork, FlowPump, NetworkChannel, PressurePump

WATER = Medium(viscosity_pa_s=1e-3)
SI_FLOW = 60e18
"""µm³/min in 1 m³/s."""
DRIVEN = {"in": PortCondition(flow_ul_per_min=1.0), "out": PortCondition(pressure_pa=0.0)}
PRESSED = {"in": PortCondition(pressure_pa=100.0), "out": PortCondition(pressure_pa=0.0)}


def resistance_si(width, depth, formula="series"):
    return duct_resistance(width, depth, 1000.0, WATER.viscosity_pa_min, formula) * SI_FLOW


# V1


@pytest.mark.parametrize(
    ("width", "depth", "expected"),
    [
        (100, 100, 2.8454154e11),
        (200, 100, 8.7457816e10),
        (400, 100, 3.5610892e10),
        (1000, 100, 1.2807170e10),
        (1300, 250, 6.7224666e8),
        (400, 220, 4.2972394e9),
        (10, 5, 1.3993251e16),
    ],
)
def test_v1_duct_resistance(width, depth, expected):
    assert resistance_si(width, depth) == pytest.approx(expected, rel=1e-6)
    assert resistance_si(depth, width) == resistance_si(width, depth)


@pytest.mark.parametrize(
    ("ratio", "one_term", "simple"), [(1, -0.668, 13.98), (2, -0.206, 0.153), (4, -0.084, -0.0073), (10, -0.030, -0.0027)]
)
def test_v1_errors_of_the_approximations(ratio, one_term, simple):
    exact = resistance_si(100 * ratio, 100)
    assert 100 * (resistance_si(100 * ratio, 100, "one-term") / exact - 1) == pytest.approx(one_term, abs=6e-4)
    assert 100 * (resistance_si(100 * ratio, 100, "simple") / exact - 1) == pytest.approx(simple, abs=6e-3)


def test_v1_nothing_overflows_at_extreme_shapes():
    assert resistance_si(1e7, 1.0) == pytest.approx(12e-3 * 1e-3 / (10.0 * 1e-18), rel=1e-6)


# V2


def published_network(reverse=False):
    ends = [("1", "4"), ("2", "5"), ("3", "6"), ("4", "5"), ("6", "5"), ("5", "7")]
    return ChannelNetwork(
        "published",
        tuple("1234567"),
        tuple(NetworkChannel(f"{a}-{b}", *((b, a) if reverse else (a, b)), 100.0, 100.0, 1000.0) for a, b in ends),
        outlets=("7",),
        pressure_pumps=tuple(PressurePump(node, 1000.0) for node in "123"),
    )


def test_v2_network_split():
    flow = solve_network(published_network(), WATER, "one-term")
    assert [flow.pressure_at(node) for node in "456"] == pytest.approx([833.333333, 666.666667, 833.333333], abs=5e-7)
    for channel, expected in (("1-4", 5.89679007e-10), ("2-5", 1.17935801e-9), ("5-7", 2.35871603e-9)):
        assert flow.flow_in(channel) / SI_FLOW == pytest.approx(expected, abs=5e-17 * 2)
    series = solve_network(published_network(), WATER)
    assert series.flow_in("5-7") / flow.flow_in("5-7") == pytest.approx(0.993316, abs=5e-7)


def test_v2_balance_and_orientation():
    forward, backward = solve_network(published_network(), WATER), solve_network(published_network(reverse=True), WATER)
    assert forward.imbalance() < 1e-12
    assert np.allclose(forward.pressure_pa, backward.pressure_pa, rtol=1e-14)
    assert np.allclose(forward.channel_flow, -backward.channel_flow, rtol=1e-12)


# V3


@pytest.mark.parametrize(
    ("ratio", "brinkman", "hele_shaw"),
    [(1, 8.53, 137), (2, 3.77, 45.8), (4, 1.57, 18.7), (5, 1.21, 14.4), (10, 0.565, 6.73), (20, 0.273, 3.25), (50, 0.107, 1.28)],
)
def test_v3_errors_of_depth_averaging(ratio, brinkman, hele_shaw):
    assert flow_error_percent(ratio, "brinkman") == pytest.approx(brinkman, abs=0.006)
    assert flow_error_percent(ratio, "hele-shaw") == pytest.approx(hele_shaw, rel=0.004)
    assert flow_error_percent(ratio, "duct-modes") == 0.0


@pytest.mark.parametrize("cells", [1, 4, 16])
@pytest.mark.parametrize("ratio", [1.0, 4.0])
def test_v3_plane_brinkman_profile(cells, ratio):
    depth, width = 100.0, 100.0 * ratio
    grid = straight(cells, max(12, 4 * cells), width / cells, depth)
    field = solve_flow(grid, DRIVEN, WATER, "brinkman")
    root = depth / math.sqrt(12.0)
    edges = np.linspace(-width / 2, width / 2, cells + 1)
    means = 1 - root * np.diff(np.sinh(edges / root)) / np.diff(edges) / math.cosh(width / 2 / root)
    middle = grid.shape[1] // 2
    gradient = (field.pressure_pa[1, middle - 1] - field.pressure_pa[1, middle + 1]) / (2 * grid.pitch_um)
    expected = gradient * root**2 / WATER.viscosity_pa_min * means
    assert field.velocity()[0][1:-1, middle] == pytest.approx(expected, rel=1e-4)


def test_v3_deep_limit_is_the_parabola():
    grid = straight(16, 64, 1.0, 1e5)
    field = solve_flow(grid, DRIVEN, WATER, "brinkman")
    gradient = (field.pressure_pa[1, 31] - field.pressure_pa[1, 33]) / 2
    edges = np.arange(-8.0, 9.0)
    means = np.diff(64 * edges - edges**3 / 3) / 2
    assert field.velocity()[0][1:-1, 32] == pytest.approx(gradient / WATER.viscosity_pa_min * means, rel=1e-4)


# Exact ducts on the grid (V1, V4)


@pytest.mark.parametrize("cells", [1, 2, 8, 32])
@pytest.mark.parametrize("ratio", [0.3, 1.0, 2.0, 4.0, 10.0, 20.0])
def test_flow_of_a_duct_is_that_of_the_series_on_any_grid(cells, ratio):
    grid = straight(cells, 8 + int(6 * cells / min(ratio, 1.0)), 100.0 * ratio / cells, 100.0)
    mobility = cross_section(grid).mobility[1:-1, grid.shape[1] // 2]
    flow = float(mobility.sum()) * 100.0 * grid.pitch_um
    assert flow * duct_resistance(100.0 * ratio, 100.0, 1.0, 1.0) == pytest.approx(1.0, abs=5e-5)


@pytest.mark.parametrize(
    ("ratio", "factor"), [(1, 1.60081), (2, 1.35539), (4, 1.18320), (5, 1.14328), (10, 1.06705), (20, 1.03233)]
)
def test_v4_floor_stress(ratio, factor):
    cells, depth = 33, 100.0
    assert floor_stress_factor(ratio) == pytest.approx(factor, rel=4e-4)  # the quoted sums stop early
    grid = straight(cells, 80, depth * ratio / cells, depth)
    for method in ("duct-modes", "brinkman-modes"):
        field = solve_flow(grid, DRIVEN, WATER, method)
        plates = 6 * WATER.viscosity_pa_min * 1e9 / (depth * ratio * depth**2)
        assert field.floor_shear_pa[1 + cells // 2, 40] / plates == pytest.approx(factor, rel=0.01)


def test_v4_example_in_pascals():
    field = solve_flow(
        straight(33, 60, 1000.0 / 33, 100.0),
        {"in": PortCondition(flow_ul_per_min=10.0), "out": PortCondition(pressure_pa=0.0)},
        Medium(viscosity_pa_s=0.72e-3),
    )
    assert field.floor_shear_pa[17, 30] == pytest.approx(0.07683, rel=0.01)


@pytest.mark.parametrize(("method", "order"), [("duct-modes", 1.5), ("brinkman-modes", 1.8)])
def test_a_channel_across_the_grid_converges_at_second_order(method, order):
    errors = []
    for cells in (8, 16, 32):
        grid = slanted(cells, 100.0, 100.0)
        field = solve_flow(grid, PRESSED, WATER, method)
        y, x = np.indices(grid.shape) + 0.5
        along = (x + y) / math.sqrt(2) * grid.pitch_um
        middle = (np.abs(x - y) < 0.3 * cells) & (along > 250) & (along < 700)
        gradient = -np.polyfit(along[middle], field.pressure_pa[middle], 1)[0]
        width = (2 * math.floor(cells / math.sqrt(2)) + 1) / math.sqrt(2) * grid.pitch_um  # of the stairs
        flow = field.port_flow.clip(min=0).sum()
        errors.append(abs(flow / gradient * duct_resistance(width, 100.0, 1.0, WATER.viscosity_pa_min) - 1))
    assert errors[-1] < 0.01
    assert np.log2(errors[0] / errors[1]) > order
    assert np.log2(errors[1] / errors[2]) > order


# V5


@pytest.mark.parametrize(("solid", "at_nominal"), [(0.05, 4.0395), (0.1, 1.2662), (0.2, 0.30943)])
def test_v5_array_of_posts(solid, at_nominal):
    def permeability_in_radii(f):
        return (-math.log(f) - 1.476 + 2 * f - 1.774 * f**2 + 4.076 * f**3) / (8 * f)

    assert permeability_in_radii(solid) == pytest.approx(at_nominal, rel=1e-4)
    n = 32
    grid, drawn = post_array(n, solid, rows=5, columns=3, depth=1e5)
    field = solve_flow(grid, PRESSED, Medium(viscosity_pa_s=60.0), "brinkman")
    first, rows = n // 2 + n, slice(1 + 2 * n, 1 + 3 * n)
    flow = field.flow_x[rows, first].sum() / (n * 1e5)
    pressure = [field.pressure_pa[rows, at - 1 : at + 1].mean() for at in (first, first + n)]
    found = flow / ((pressure[0] - pressure[1]) / n)
    assert found / (n * n * drawn / math.pi) == pytest.approx(permeability_in_radii(drawn), rel=0.03)


# V6


def test_v6_frozen_two_chambers():
    field = solve_flow(two_chambers(1000, 2.0, 100.0, 100.0), PRESSED, WATER, "hele-shaw")
    entering, leaving = field.port_flow.clip(min=0).sum(), -field.port_flow.clip(max=0).sum()
    assert entering / SI_FLOW == pytest.approx(3.06482838e-9, rel=1e-8)
    assert entering == pytest.approx(leaving, rel=1e-10)


@pytest.mark.parametrize("solver", ["multigrid", "algebraic"])
@pytest.mark.parametrize("ports", [PRESSED, DRIVEN])
def test_v6_direct_and_multigrid_agree(solver, ports):
    grid = two_chambers(200, 10.0, 100.0, 20.0)
    direct = solve_flow(grid, ports, WATER, solver="direct")
    other = solve_flow(grid, ports, WATER, solver=solver)
    assert np.abs(direct.pressure_pa - other.pressure_pa).max() / np.abs(direct.pressure_pa).max() < 4e-7


@pytest.mark.parametrize("method", ["duct-modes", "hele-shaw", "brinkman", "brinkman-modes"])
@pytest.mark.parametrize("ports", [PRESSED, DRIVEN])
def test_every_cell_balances(method, ports):
    field = solve_flow(two_chambers(100, 20.0, 100.0, 50.0), ports, WATER, method)
    left_over = field.flow_x[:, :-1] - field.flow_x[:, 1:] + field.flow_y[:-1] - field.flow_y[1:] + field.port_flow
    assert np.abs(left_over).max() < 1e-12 * field.port_flow.clip(min=0).sum()
    assert (field.port_flow[field.grid.space == 0] == 0).all()


# V10, V11


def test_v10_christmas_tree():
    f = Fraction
    assert christmas_tree([0, 1], 6) == [f(0), f(1, 5), f(2, 5), f(3, 5), f(4, 5), f(1)]
    assert christmas_tree([0, 1, 0], 9) == [f(0), f(1, 4), f(3, 7), f(15, 28), f(4, 7), f(15, 28), f(3, 7), f(1, 4), f(0)]
    assert christmas_tree([1, f(1, 2), 0], 7) == [f(1), f(5, 6), f(2, 3), f(1, 2), f(1, 3), f(1, 6), f(0)]
    expected = [0, 0.428571, 0.571429, 0.542857, 0.457143, 0.428571, 0.571429, 1]
    assert [float(c) for c in christmas_tree([0, 1, 0, 1], 8)] == pytest.approx(expected, abs=5e-7)


def tree_network(inlets, outlets):
    """A pyramid whose long serpentines dominate; the short links between them are a thousandth of their length."""
    channels, nodes = [], [f"0:{k}" for k in range(inlets)]
    level, streams = 0, inlets
    while streams < outlets:
        joints = [f"{level}:{k}" for k in range(streams)]
        serpentines = [f"{level + 1}:{k}" for k in range(streams + 1)]
        taps = [f"{level}t{k}" for k in range(streams + 1)]
        nodes += taps + serpentines
        for k in range(streams + 1):
            share = {k - 1: k / streams, k: (streams - k) / streams}
            for source, width in share.items():
                if 0 <= source < streams and width > 0:
                    # resistance inverse to the share that this link has to carry, far below the serpentine's
                    channels.append(
                        NetworkChannel(f"{joints[source]}>{taps[k]}", joints[source], taps[k], 100.0, 100.0, 1e-4 / width)
                    )
            channels.append(NetworkChannel(f"{taps[k]}>{serpentines[k]}", taps[k], serpentines[k], 100.0, 100.0, 1e4))
        level, streams = level + 1, streams + 1
    return ChannelNetwork(
        "tree",
        tuple(nodes),
        tuple(channels),
        outlets=tuple(f"{level}:{k}" for k in range(streams)),
        flow_pumps=tuple(FlowPump(f"0:{k}", 1e9) for k in range(inlets)),
    )


@pytest.mark.parametrize(
    ("inputs", "outlets", "tolerance"),
    [((0, 1), 3, 1e-12), ((1, 0), 3, 1e-12), ((0, 1), 6, 1e-6), ((0, 1, 0), 9, 1e-6), ((0, 1, 0, 1), 8, 1e-6)],
)
def test_v10_a_solved_pyramid_mixes_as_the_rule_says(inputs, outlets, tolerance):
    flow = solve_network(tree_network(len(inputs), outlets), WATER)
    mixed = mix_network(flow, {f"0:{k}": float(c) for k, c in enumerate(inputs)})
    found = [mixed.node[flow.network.nodes.index(node)] for node in flow.network.outlets]
    assert found == pytest.approx([float(c) for c in christmas_tree(inputs, outlets)], abs=tolerance)


def generator(path):
    """Read a published generator: SI numbers, all pumps from the ground."""
    text = json.loads(path.read_text())
    micro = 1e6
    channels = tuple(
        NetworkChannel(c["id"], c["a"], c["b"], c["w"] * micro, c["h"] * micro, c["L"] * micro) for c in text["channels"]
    )
    nodes = tuple(dict.fromkeys(node for channel in channels for node in (channel.start, channel.end)))
    pumps = tuple(FlowPump(pump["b"], pump["Q"] * SI_FLOW) for pump in text["pumps"])
    network = ChannelNetwork(text["name"], nodes, channels, outlets=("sinkNode",), flow_pumps=pumps)
    dosed = {pump["b"]: float(pump["id"] not in text["injected_pump"]) for pump in text["pumps"]}  # the continuous phase
    return network, dosed, text


@pytest.mark.parametrize("name", ["GradientGeneratorSmall", "GradientGeneratorSmallDifferentPaper"])
def test_v11_published_generators(shared_data, name):
    network, dosed, text = generator(shared_data / "gradient_generators" / f"{name}.json")
    names = [channel.name for channel in network.channels]
    for formula, key in (("series", "solved_series"), ("one-term", "solved_1-term")):
        flow = solve_network(network, Medium(viscosity_pa_s=text["mu"]), formula)
        mixed = mix_network(flow, dosed).channel
        for row in text[key]:
            assert mixed[names.index(row["channel"])] == pytest.approx(row["c_continuous"], abs=1e-12)
            assert flow.flow_in(row["channel"]) / SI_FLOW == pytest.approx(row["Q"], rel=1e-12)
        assert flow.imbalance() < 1e-12
        for key, published in text["expected_continuous_phase"].items():
            assert mixed[names.index(key.replace("fluidConcentrations", "c"))] == pytest.approx(published, abs=5e-14)
