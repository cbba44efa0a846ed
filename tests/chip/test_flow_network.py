"""Networks of channels: what is refused, and how it is said; pumps of both kinds; mixing at nodes."""

import math

import numpy as np
import pytest

from coculture.chip.flow.medium import Medium, PowerLaw
from coculture.chip.flow.network.kirchhoff import solve_network
from coculture.chip.flow.network.mixing import christmas_tree, mix_network
from coculture.chip.flow.network.resistance import duct_resistance
from coculture.chip.network import ChannelNetwork, FlowPump, NetworkChannel, PressurePump
from coculture.errors import DataError, InputError

WATER = Medium(viscosity_pa_s=1e-3)


def network(ends, **driven):
    nodes = tuple(dict.fromkeys(node for pair in ends for node in pair))
    channels = tuple(NetworkChannel(f"{a}-{b}", a, b, 100.0, 50.0, 1000.0) for a, b in ends)
    return ChannelNetwork("drawn", nodes, channels, **driven)


def test_a_flow_pump_pushes_its_flow():
    flow = solve_network(network([("a", "b"), ("b", "c")], outlets=("c",), flow_pumps=(FlowPump("a", 1e9),)), WATER)
    each = duct_resistance(100.0, 50.0, 1000.0, WATER.viscosity_pa_min)
    assert flow.flow_in("a-b") == pytest.approx(1e9, rel=1e-12)
    assert flow.pressure_at("a") == pytest.approx(2e9 * each, rel=1e-12)
    assert flow.entering_flow == pytest.approx([1e9, 0, -1e9], abs=1e-3)
    assert flow.imbalance() < 1e-12
    with pytest.raises(KeyError):
        flow.flow_in("c-d")
    with pytest.raises(KeyError):
        flow.pressure_at("d")


def test_only_fixed_pressures():
    flow = solve_network(network([("a", "b")], outlets=("b",), pressure_pumps=(PressurePump("a", 10.0),)), WATER)
    assert flow.flow_in("a-b") == pytest.approx(10.0 / duct_resistance(100.0, 50.0, 1000.0, WATER.viscosity_pa_min))


def test_resistances_of_very_different_size_still_balance():
    channels = (NetworkChannel("wide", "a", "b", 100.0, 100.0, 100.0), NetworkChannel("thin", "b", "c", 5.0, 5.0, 1e4))
    parted = ChannelNetwork("parted", ("a", "b", "c"), channels, outlets=("c",), flow_pumps=(FlowPump("a", 1e3),))
    flow = solve_network(parted, WATER)
    assert flow.channel_flow == pytest.approx([1e3, 1e3], rel=1e-8)


def test_resistances_too_different_for_rounding_are_refused():
    channels = (NetworkChannel("wide", "a", "b", 1000.0, 1000.0, 1.0), NetworkChannel("thin", "b", "c", 1.0, 1.0, 1e5))
    parted = ChannelNetwork("parted", ("a", "b", "c"), channels, outlets=("c",), flow_pumps=(FlowPump("a", 1e3),))
    with pytest.raises(DataError, match="differ too much"):
        solve_network(parted, WATER)


@pytest.mark.parametrize(
    ("ends", "driven", "said"),
    [
        ([("a", "b"), ("c", "d")], {"outlets": ("b",)}, r"2 node\(s\) without a path to an outlet: 'c', 'd'"),
        ([("a", "b")], {"flow_pumps": (FlowPump("a", 1.0),)}, "no outlet"),
        ([("a", "b")], {"outlets": ("b",), "pressure_pumps": (PressurePump("b", 1.0),)}, "an outlet and a pressure pump"),
        ([("a", "b")], {"outlets": ("b",), "flow_pumps": (FlowPump("a", 1.0),) * 2}, "a flow pump and a flow pump"),
        ([("a", "b")], {"outlets": ("b",), "pressure_pumps": (PressurePump("a", math.nan),)}, "pressure_pa is nan"),
        ([("a", "b")], {"outlets": ("b",), "flow_pumps": (FlowPump("a", math.inf),)}, "flow_um3_per_min is inf"),
    ],
)
def test_networks_that_cannot_be_solved(ends, driven, said):
    with pytest.raises(InputError, match=said):
        solve_network(network(ends, **driven), WATER)


def test_a_zero_width_never_gets_here():
    with pytest.raises(InputError, match="width_um is 0"):
        ChannelNetwork("flat", ("a", "b"), (NetworkChannel("ab", "a", "b", 0.0, 1.0, 1.0),), outlets=("b",))
    with pytest.raises(InputError, match=r"width_um is 0\.0"):
        duct_resistance(0.0, 1.0, 1.0, 1.0)
    with pytest.raises(InputError, match="resistance 'guess' is not known"):
        duct_resistance(1.0, 1.0, 1.0, 1.0, "guess")


def test_a_thinning_medium_is_refused():
    thinning = Medium(viscosity_pa_s=1e-3, thinning=PowerLaw(0.01, 0.5))
    with pytest.raises(InputError, match="Newtonian liquid only"):
        solve_network(network([("a", "b")], outlets=("b",)), thinning)


def test_mixing_weighs_by_flow_and_follows_a_loop():
    ends = [("a", "m"), ("b", "m"), ("m", "x"), ("m", "y"), ("x", "z"), ("y", "z")]
    flow = solve_network(network(ends, outlets=("z",), flow_pumps=(FlowPump("a", 3.0), FlowPump("b", 1.0))), WATER)
    mixed = mix_network(flow, {"a": 4.0, "b": 0.0})
    assert mixed.channel == pytest.approx([4.0, 0.0, 3.0, 3.0, 3.0, 3.0], abs=1e-12)


def test_a_dead_end_carries_nothing():
    flow = solve_network(network([("a", "b"), ("b", "d")], outlets=("b",), flow_pumps=(FlowPump("a", 1.0),)), WATER)
    assert mix_network(flow, {"a": 2.0}).channel == pytest.approx([2.0, 0.0])


def test_mixing_asks_for_what_enters():
    flow = solve_network(network([("a", "b")], outlets=("b",), flow_pumps=(FlowPump("a", 1.0),)), WATER)
    with pytest.raises(InputError, match="enters at node 'a', and what it carries is not given"):
        mix_network(flow, {})
    with pytest.raises(InputError, match="no node 'q'"):
        mix_network(flow, {"a": 1.0, "q": 0.0})
    sucked = solve_network(network([("a", "b")], outlets=("b",), flow_pumps=(FlowPump("a", -1.0),)), WATER)
    assert mix_network(sucked, {"b": 5.0}).node == pytest.approx([5.0, 5.0])


@pytest.mark.parametrize(("inputs", "outlets"), [([1], 3), ([0, 1, 0], 2)])
def test_a_tree_needs_inlets_and_room(inputs, outlets):
    with pytest.raises(InputError, match="cannot be built"):
        christmas_tree(inputs, outlets)


def test_nothing_flows_in_an_undriven_network():
    flow = solve_network(network([("a", "b")], outlets=("b",)), WATER)
    assert flow.imbalance() == 0.0
    assert np.all(mix_network(flow, {}).channel == 0)
