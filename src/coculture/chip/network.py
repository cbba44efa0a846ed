"""A chip as a network of straight channels of rectangular cross-section, joined at nodes.

This is what a network solver needs of a chip: no places, only which nodes a channel joins and how wide, deep and long it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coculture.errors import InputError, Problem


@dataclass(frozen=True)
class NetworkChannel:
    """A channel of a network.

    Attributes
    ----------
    name : its name.
    start, end : the nodes it joins; flow from ``start`` to ``end`` counts as positive.
    width_um, depth_um, length_um : of the channel; the length is that of its centre line.
    """

    name: str
    start: str
    end: str
    width_um: float
    depth_um: float
    length_um: float


@dataclass(frozen=True)
class PressurePump:
    """Holds ``node`` at ``pressure_pa`` above the outlets."""

    node: str
    pressure_pa: float


@dataclass(frozen=True)
class FlowPump:
    """Pushes ``flow_um3_per_min`` into ``node`` (1 µL/min is 1e9 µm³/min)."""

    node: str
    flow_um3_per_min: float


@dataclass(frozen=True)
class ChannelNetwork:
    """Channels joined at nodes, with pumps and outlets.

    Attributes
    ----------
    name : the chip's name.
    nodes : the names of the nodes.
    channels : what joins them.
    inlets : nodes at which medium is meant to enter, in order; pumps may stand there.
    outlets : nodes at 0 Pa.
    pressure_pumps, flow_pumps : what drives the flow; a network read from a drawing has none.

    Raises
    ------
    InputError : if a channel, pump or outlet names a node that is not there, a name is used twice, or a size is not above 0.
    """

    name: str
    nodes: tuple[str, ...]
    channels: tuple[NetworkChannel, ...]
    inlets: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    pressure_pumps: tuple[PressurePump, ...] = ()
    flow_pumps: tuple[FlowPump, ...] = ()

    def __post_init__(self) -> None:
        if problems := list(self._problems()):
            raise InputError(problems)

    def _problems(self) -> Iterator[Problem]:
        names = [channel.name for channel in self.channels]
        for kind, listed in (("node", list(self.nodes)), ("channel", names)):
            for name in sorted({name for name in listed if listed.count(name) > 1}):
                yield Problem(f"two {kind}s are called '{name}'", self.name, "give each its own name")
        for channel in self.channels:
            where = f"{self.name}, channel '{channel.name}'"
            for key in ("width_um", "depth_um", "length_um"):
                if not 0 < getattr(channel, key) < float("inf"):
                    yield Problem(f"{key} is {getattr(channel, key):g}", where, f"{key} must be above 0")
            if channel.start == channel.end:
                yield Problem(f"it begins and ends at the node '{channel.start}'", where, "join two different nodes")
        for where, node in self._named():
            if node not in set(self.nodes):
                yield Problem(f"there is no node '{node}'", f"{self.name}, {where}", f"nodes: {', '.join(self.nodes)}")

    def _named(self) -> Iterator[tuple[str, str]]:
        for channel in self.channels:
            yield f"channel '{channel.name}'", channel.start
            yield f"channel '{channel.name}'", channel.end
        yield from (("outlets", node) for node in self.outlets)
        yield from (("inlets", node) for node in self.inlets)
        yield from (("pressure_pumps", pump.node) for pump in self.pressure_pumps)
        yield from (("flow_pumps", pump.node) for pump in self.flow_pumps)
