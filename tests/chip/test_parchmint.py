"""ParchMint devices: as networks, and as chips where everything is placed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coculture.chip.geometry.check.whole import check_chip
from coculture.chip.network import NetworkChannel
from coculture.chip.parchmint.reading import ParchMintChip, parse_parchmint, read_parchmint
from coculture.errors import FileError, InputError

FILE = Path(__file__).parent / "parchmint_device.json"


@pytest.fixture
def device() -> Any:
    return json.loads(FILE.read_text())


def parsed(device: Any, **sizes: float) -> ParchMintChip:
    return parse_parchmint(json.dumps(device), "device.json", **sizes)


def test_a_placed_device_gives_a_network() -> None:
    found = read_parchmint(FILE)
    assert found.network.channels == (
        NetworkChannel("upper", "dye", "meeting", 200, 50, 5000),
        NetworkChannel("lower", "buffer", "meeting", 200, 50, 5000),
        NetworkChannel("joined", "meeting", "chamber", 300, 50, 1500),
        NetworkChannel("drain", "chamber", "waste", 300, 50, 1500),
    )
    assert (found.network.inlets, found.network.outlets) == (("dye", "buffer"), ("waste",))
    assert "1 connections on control layers are left out" in found.notes
    assert "these components are points without resistance of their own: chamber" in found.notes


def test_a_placed_device_gives_a_chip_that_passes_its_check() -> None:
    chip = read_parchmint(FILE).chip
    assert chip is not None
    assert (chip.width_um, chip.height_um) == (9000 + 1000, 5000 + 1000)
    report = check_chip(chip)
    assert report.errors == ()
    assert report.summary is not None
    assert (report.summary.inlets, report.summary.outlets) == (("dye", "buffer"), ("waste",))
    assert report.summary.narrowest is not None
    assert report.summary.narrowest.width_um == 200


def test_a_connection_with_two_sinks_is_two_channels(device: Any) -> None:
    device["connections"] = [
        {
            "id": "c",
            "layer": "f",
            "source": {"component": "1", "port": "1"},
            "sinks": [{"component": "3", "port": "1"}, {"component": "5", "port": "1"}],
            "params": {"width": 100, "depth": 40},
        }
    ]
    found = parsed(device)
    assert [(channel.name, channel.end) for channel in found.network.channels] == [("c_1", "meeting"), ("c_2", "waste")]
    assert [channel.length_um for channel in found.network.channels] == pytest.approx([13e6**0.5, (8000**2 + 2000**2) ** 0.5])
    assert "2 connections have no path; their length is the straight distance of their ends" in found.notes
    assert found.chip is None
    assert "no drawing: the connection 'c_1' has no path" in found.notes


def test_a_mixer_that_tells_its_serpentine_is_a_channel(device: Any) -> None:
    device["components"][3] |= {"entity": "MIXER"}
    device["components"][3]["params"] |= {"bendSpacing": 600, "numberOfBends": 5, "channelWidth": 300, "bendLength": 2000}
    found = parsed(device, depth_um=40)
    mixer = found.network.channels[-1]
    assert mixer == NetworkChannel("chamber", "chamber.in", "chamber.out", 300, 40, 10 * 2300 + 10 * 900)
    assert found.network.channels[2].end == "chamber.in"
    assert found.network.channels[3].start == "chamber.out"
    assert found.chip is None
    assert "no drawing: the component 'chamber' is a MIXER" in found.notes


def test_inputs_and_outputs_say_so_themselves(device: Any) -> None:
    for number, entity in ((0, "Output"), (1, "Input"), (4, "Input")):
        device["components"][number]["entity"] = entity
    found = parsed(device)
    assert (found.network.inlets, found.network.outlets) == (("buffer", "waste"), ("dye",))
    assert not any("direction" in note for note in found.notes)


def test_sizes_may_be_given_for_all(device: Any) -> None:
    for connection in device["connections"]:
        connection["params"] = {}
    found = parsed(device, depth_um=30, width_um=80)
    assert {(channel.width_um, channel.depth_um) for channel in found.network.channels} == {(80, 30)}


def test_names_that_are_not_one_each_give_way_to_ids(device: Any) -> None:
    device["components"][1]["name"] = "dye"
    device["connections"][1]["name"] = "upper"
    found = parsed(device)
    assert found.network.nodes == ("1", "3", "2", "4", "5")
    assert [channel.name for channel in found.network.channels] == ["c1", "c2", "joined", "drain"]


def test_ports_written_where_labels_belong_are_understood(device: Any) -> None:
    for connection in device["connections"]:
        connection["source"]["port"] = {"x": 1, "y": 1, "layer": "FLOW", "label": connection["source"]["port"]}
        connection["paths"] = []
    assert [channel.length_um for channel in parsed(device).network.channels[2:]] == [1500, 1500]


def _unplace(device: Any) -> None:
    for component in device["components"]:
        component["params"]["position"] = [-1, -1]
    device["connections"][0]["paths"] = []


def _same_place(device: Any) -> None:
    for component in device["components"]:
        component["params"]["position"] = [0, 0]
    device["connections"][0]["paths"] = []


def test_a_device_without_channels_is_not_drawn(device: Any) -> None:
    control = next(layer["id"] for layer in device["layers"] if layer["type"] == "CONTROL")
    for connection in device["connections"]:
        connection["layer"] = control
    found = parsed(device)
    assert found.chip is None
    assert "no drawing: the device has no connection on a flow layer" in found.notes


BROKEN: list[tuple[Callable[[Any], object], str, str]] = [
    (lambda d: d.pop("components"), "key 'components' is missing", "device.json, components"),
    (lambda d: d["components"][0].pop("id"), "key 'id' is missing", "device.json, components[1].id"),
    (lambda d: d["connections"][0].update(sinks=[]), "found", "device.json, connections[1].sinks"),
    (lambda d: d["connections"][0]["source"].update(component="9"), "no component '9'", "device.json, connection 'c1'"),
    (
        lambda d: d["connections"][0]["params"].pop("height"),
        "the depth of the channel is not said",
        "device.json, connection 'c1'",
    ),
    (lambda d: d["connections"][0]["params"].update(channelWidth=-3), "the width of the channel", "device.json, connection 'c1'"),
    (_unplace, "the length of 'upper' is not said", "device.json, connection 'c1'"),
    (_same_place, "the length of 'upper' is not said", "device.json, connection 'c1'"),
]


@pytest.mark.parametrize(("spoil", "what", "where"), BROKEN)
def test_a_broken_device_gives_one_clear_message(device: Any, spoil: Callable[[Any], object], what: str, where: str) -> None:
    spoil(device)
    with pytest.raises(InputError) as error:
        parsed(device)
    (problem,) = error.value.problems
    assert what in problem.what
    assert problem.where == where
    assert problem.remedy or what == "key 'components' is missing" or "key 'id'" in what


@pytest.mark.parametrize(("text", "said"), [("{", "not valid JSON"), ("[1]", "not one object")])
def test_what_is_no_device_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_parchmint(text, "device.json")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such ParchMint file"):
        read_parchmint(tmp_path / "none.json")
