"""Networks of channels: what they refuse, and how published generators are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coculture.chip.network import ChannelNetwork, FlowPump, NetworkChannel, PressurePump
from coculture.chip.network_json import read_generator
from coculture.errors import InputError

CHANNEL = NetworkChannel("c1", "a", "b", 100, 50, 1000)
SMALL: dict[str, Any] = {
    "name": "small",
    "channels": [
        {"id": "c1", "a": "in", "b": "middle", "w": 3e-4, "h": 2e-4, "L": 3e-3},
        {"id": "c2", "a": "middle", "b": "sinkNode", "w": 1e-4, "h": 1e-4, "L": 1e-3},
    ],
    "pumps": [{"id": "p", "a": "groundNode", "b": "in", "Q": 1e-9 / 60}],
}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"nodes": ("a", "b", "a")}, "two nodes are called 'a'"),
        ({"channels": (CHANNEL, CHANNEL)}, "two channels are called 'c1'"),
        ({"channels": (NetworkChannel("c1", "a", "z", 100, 50, 1000),)}, "there is no node 'z'"),
        ({"channels": (NetworkChannel("c1", "a", "a", 100, 50, 1000),)}, "begins and ends at the node 'a'"),
        ({"channels": (NetworkChannel("c1", "a", "b", 0, 50, 1000),)}, "width_um is 0"),
        ({"channels": (NetworkChannel("c1", "a", "b", 1, float("nan"), 1000),)}, "depth_um is nan"),
        ({"channels": (NetworkChannel("c1", "a", "b", 1, 1, float("inf")),)}, "length_um is inf"),
        ({"inlets": ("z",)}, "inlets: there is no node 'z'"),
        ({"outlets": ("z",)}, "outlets: there is no node 'z'"),
        ({"pressure_pumps": (PressurePump("z", 1),)}, "pressure_pumps: there is no node 'z'"),
        ({"flow_pumps": (FlowPump("z", 1),)}, "flow_pumps: there is no node 'z'"),
    ],
)
def test_a_network_that_cannot_be_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        ChannelNetwork(**({"name": "net", "nodes": ("a", "b"), "channels": (CHANNEL,)} | fields))


def test_a_generator_is_read_in_base_units(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    path.write_text(json.dumps(SMALL))
    network = read_generator(path)
    assert network.nodes == ("in", "middle", "sinkNode")
    assert (network.inlets, network.outlets) == (("in",), ("sinkNode",))
    first = network.channels[0]
    assert (first.width_um, first.depth_um, first.length_um) == pytest.approx((300, 200, 3000))
    (pump,) = network.flow_pumps
    assert (pump.node, pump.flow_um3_per_min) == ("in", pytest.approx(1e9))
    assert network.pressure_pumps == ()


def test_a_generator_may_be_driven_by_pressure_and_name_its_grounds(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    changed = json.loads(json.dumps(SMALL).replace("sinkNode", "seven"))
    changed["pumps"] = [{"id": "p", "a": "seven", "b": "in", "P": 1000}]
    changed["grounds"] = ["seven"]
    path.write_text(json.dumps(changed))
    network = read_generator(path)
    assert network.pressure_pumps == (PressurePump("in", 1000),)
    assert network.outlets == ("seven",)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"channels": []}, "channels: found"),
        ({"pumps": [{"id": "p", "a": "g", "b": "in"}]}, "it needs either Q or P"),
        ({"pumps": [{"id": "p", "a": "g", "b": "in", "Q": 1, "P": 1}]}, "it needs either Q or P"),
        ({"channels": [SMALL["channels"][0]]}, "no node is at 0 Pa"),
    ],
)
def test_a_broken_generator_is_refused(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    path = tmp_path / "small.json"
    path.write_text(json.dumps(SMALL | changed))
    with pytest.raises(InputError, match=said):
        read_generator(path)


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    path.write_text("{")
    with pytest.raises(InputError, match="not valid JSON"):
        read_generator(path)


def test_published_generators_are_read(shared_data: Path) -> None:
    network = read_generator(shared_data / "gradient_generators" / "GradientGeneratorSmallDifferentPaper.json")
    assert (len(network.nodes), len(network.channels)) == (11, 12)
    assert all((channel.width_um, channel.depth_um) == pytest.approx((300, 200)) for channel in network.channels)
    assert [pump.flow_um3_per_min for pump in network.flow_pumps] == pytest.approx([5e9, 5e9])
