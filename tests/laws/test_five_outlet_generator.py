"""A published gradient generator with five outlets, solved as a network (Fink et al. 2022).

Two solutions enter at 5 µL/min each; channels split and mix on three levels, and the lengths of the meanders were chosen so that
the outlets carry 1, 0.8864, 0.4012, 0.2182 and 0. The lengths are those of the case "UltraLargePaper" in the tests of
cda-tum/mmft-simulator (``tests/abstract/GradientGenerator.test.cpp``, commit 6e65e017), after Fink et al., IEEE Access 10:28155
(2022).
"""

from __future__ import annotations

import pytest

from coculture.chip.flow.medium import Medium
from coculture.chip.flow.network.kirchhoff import solve_network
from coculture.chip.flow.network.mixing import mix_network
from coculture.chip.network import ChannelNetwork, FlowPump, NetworkChannel

WATER = Medium(viscosity_pa_s=1e-3)
WIDTH_UM, DEPTH_UM, LEAD_UM = 300.0, 200.0, 3000.0
JOIN_UM = 11 * WIDTH_UM  # half the pitch of the meanders, 21 widths, and half a width
INFLOW = 5e9  # µm³/min: 5 µL/min
MEANDERS_UM = (
    (29967.1361633416, 44431.241343332664, 31615.89671051416),
    (39012.74147675735, 120541.75031249897, 47689.442515671886, 51441.945635952405),
    (26532.242716654282, 33333.35815696055, 39482.02927907311, 33553.23373613861, 24985.85157999049),
)
OUTLETS_UM = (13500.0, 7500.0, 1500.0, 7500.0, 13500.0)
PUBLISHED = (1.0, 0.8864, 0.4012, 0.2182, 0.0)


def five_outlets(meanders_um=MEANDERS_UM) -> ChannelNetwork:
    """Return the network: stream j of a level parts into the meanders j and j + 1 of the next."""
    channels: list[NetworkChannel] = []

    def add(start: str, end: str, length_um: float) -> None:
        channels.append(NetworkChannel(f"{start}-{end}", start, end, WIDTH_UM, DEPTH_UM, length_um))

    for stream in range(2):
        add(f"inlet {stream}", f"0:{stream}", LEAD_UM)
    for level, lengths in enumerate(meanders_um, start=1):
        for stream in range(len(lengths) - 1):
            for side in (stream, stream + 1):
                add(f"{level - 1}:{stream}", f"top {level}:{side}", JOIN_UM)
        for stream, length in enumerate(lengths):
            add(f"top {level}:{stream}", f"{level}:{stream}", length)
    for stream, length in enumerate(OUTLETS_UM):
        add(f"{len(meanders_um)}:{stream}", "sink", length)
    nodes = tuple(dict.fromkeys(node for channel in channels for node in (channel.start, channel.end)))
    pumps = tuple(FlowPump(f"inlet {stream}", INFLOW) for stream in range(2))
    return ChannelNetwork("five outlets", nodes, tuple(channels), outlets=("sink",), flow_pumps=pumps)


def at_the_outlets(formula: str, meanders_um=MEANDERS_UM) -> tuple[list[float], list[float], float]:
    """Return what each outlet carries, its share of the flow, and the largest imbalance of a node."""
    network = five_outlets(meanders_um)
    flow = solve_network(network, WATER, formula)
    mixed = mix_network(flow, {"inlet 0": 1.0, "inlet 1": 0.0}).channel
    names = [channel.name for channel in network.channels][-5:]
    return list(mixed[-5:]), [flow.flow_in(name) / (2 * INFLOW) for name in names], flow.imbalance()


@pytest.mark.parametrize("formula", ["series", "one-term"])
def test_v11_the_published_concentrations_leave_the_five_outlets(formula):
    carried, shares, imbalance = at_the_outlets(formula)
    assert carried == pytest.approx(PUBLISHED, abs=5e-14)
    assert sum(shares) == pytest.approx(1.0, rel=1e-12)
    assert imbalance < 1e-12


def test_v11_as_much_dye_leaves_as_enters():
    carried, shares, _ = at_the_outlets("series")
    assert sum(c * share for c, share in zip(carried, shares, strict=True)) == pytest.approx(0.5, rel=1e-12)
    assert all(share > 0 for share in shares)


def test_the_lengths_of_the_meanders_decide_the_concentrations():
    first, *others = MEANDERS_UM
    changed = ((first[0], 1.01 * first[1], first[2]), *others)
    carried, _, _ = at_the_outlets("series", changed)
    assert max(abs(c - published) for c, published in zip(carried, PUBLISHED, strict=True)) > 1e-5
