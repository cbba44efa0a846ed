"""Find what makes a network unsolvable before it is solved, and say it in the designer's words.

Names and sizes are checked by :class:`ChannelNetwork` itself; here stands what depends on how it is joined and driven.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from coculture.chip.network import ChannelNetwork
from coculture.errors import InputError, Problem


def check_network(network: ChannelNetwork) -> None:
    """Raise InputError with every fault of ``network`` at once: pumps at odds, and nodes cut off from every outlet."""
    if problems := [*_pumps(network), *_cut_off(network)]:
        raise InputError(problems)


def fixed_pressures(network: ChannelNetwork) -> dict[str, float]:
    """Return the pressure (Pa) of every node that has a fixed one: outlets and pressure pumps."""
    return dict.fromkeys(network.outlets, 0.0) | {pump.node: pump.pressure_pa for pump in network.pressure_pumps}


def _pumps(network: ChannelNetwork) -> Iterable[Problem]:
    for pump in network.pressure_pumps:
        if not math.isfinite(pump.pressure_pa):
            yield Problem(
                f"pressure_pa is {pump.pressure_pa!r}", f"{network.name}, pump at '{pump.node}'", "give a finite number"
            )
    for flow_pump in network.flow_pumps:
        if not math.isfinite(flow_pump.flow_um3_per_min):
            yield Problem(
                f"flow_um3_per_min is {flow_pump.flow_um3_per_min!r}",
                f"{network.name}, pump at '{flow_pump.node}'",
                "give a finite number",
            )
    roles = [("an outlet", node) for node in dict.fromkeys(network.outlets)]
    roles += [("a pressure pump", pump.node) for pump in network.pressure_pumps]
    roles += [("a flow pump", pump.node) for pump in network.flow_pumps]
    for node, count in Counter(node for _, node in roles).items():
        if count > 1:
            held = " and ".join(role for role, at in roles if at == node)
            yield Problem(f"{held} stand at one node", f"{network.name}, node '{node}'", "leave one of them there")


def _cut_off(network: ChannelNetwork) -> Iterable[Problem]:
    """Find nodes that no channel joins to a node of fixed pressure: theirs is undetermined."""
    fixed = fixed_pressures(network)
    if not fixed:
        yield Problem("no outlet: pressures have nothing to refer to", network.name, "make a node an outlet, at 0 Pa")
        return
    neighbours: dict[str, list[str]] = {node: [] for node in network.nodes}
    for channel in network.channels:
        neighbours[channel.start].append(channel.end)
        neighbours[channel.end].append(channel.start)
    reached, waiting = set(fixed), list(fixed)
    while waiting:
        for node in neighbours[waiting.pop()]:
            if node not in reached:
                reached.add(node)
                waiting.append(node)
    if lost := [node for node in network.nodes if node not in reached]:
        shown = ", ".join(f"'{node}'" for node in lost[:8]) + (" …" if len(lost) > 8 else "")
        yield Problem(
            f"{len(lost)} node(s) without a path to an outlet: {shown}",
            network.name,
            "join them by a channel, make one of them an outlet, or take them away",
        )
