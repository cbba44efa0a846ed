"""From a ParchMint device to a network of channels."""

from __future__ import annotations

from dataclasses import dataclass

from coculture.chip.geometry.channel_path import path_length
from coculture.chip.geometry.shapes import Point
from coculture.chip.network import ChannelNetwork, NetworkChannel
from coculture.chip.parchmint.device_file import ComponentKeys, ConnectionKeys, DeviceFile, TargetKeys
from coculture.chip.parchmint.placing import (
    DEPTH_KEYS,
    WIDTH_KEYS,
    flow_connections,
    label_of,
    line_of,
    mixer_length,
    number_of,
    positions,
)
from coculture.errors import InputError, Problem

PORT_ENTITIES = ("PORT", "INPUT", "OUTPUT", "VIA")


@dataclass(frozen=True)
class Line:
    """A channel between two components: its name, what it joins, its centre line, and whether the file gives its way."""

    name: str
    source: TargetKeys
    sink: TargetKeys
    points_um: tuple[Point, ...]
    routed: bool
    width_um: float
    depth_um: float


class NetworkMaker:
    """Works out nodes, channels and open ends of a device; ``notes`` tell what was assumed."""

    def __init__(self, device: DeviceFile, file: str, depth_um: float | None, width_um: float | None) -> None:
        self.device, self.file = device, file
        self.depth_um, self.width_um = depth_um, width_um
        self.components = {component.id: component for component in device.components}
        self.places = positions(device)
        self.notes: list[str] = []
        self.connections, control = flow_connections(device)
        if control:
            self.notes.append(f"{len(control)} connections on control layers are left out")
        self._refuse_unknown_components()
        self.names = self._component_names()
        self.lines = self._lines()
        self.inlets, self.outlets = self._open_ends()

    def network(self) -> ChannelNetwork:
        """Return the network. Each component is a node; a mixer that tells its serpentine is a channel between two nodes."""
        inner = self._mixers()
        ends = [(self._node(line.source, inner), self._node(line.sink, inner)) for line in self.lines]
        channels = [
            NetworkChannel(line.name, start, end, line.width_um, line.depth_um, path_length(line.points_um))
            for line, (start, end) in zip(self.lines, ends, strict=True)
        ]
        channels += inner.values()
        nodes = dict.fromkeys(node for channel in channels for node in (channel.start, channel.end))
        self._note_bodies(set(inner))
        return ChannelNetwork(self.device.name, tuple(nodes), tuple(channels), self.inlets, self.outlets)

    def _open_ends(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the names of the inlets and of the outlets.

        Entities INPUT and OUTPUT say so themselves; a PORT from which connections only start is an inlet, one at which they
        only end an outlet. Of others nothing is said.
        """
        sources = {line.source.component for line in self.lines}
        sinks = {line.sink.component for line in self.lines}
        inlets, outlets, guessed = [], [], []
        for component in self.device.components:
            entity, name = component.entity.upper(), self.names[component.id]
            joined = (component.id in sources, component.id in sinks)
            if entity not in PORT_ENTITIES or entity == "VIA" or not any(joined):
                continue
            if entity == "INPUT" or (entity == "PORT" and joined == (True, False)):
                inlets.append(name)
            elif entity == "OUTPUT" or joined == (False, True):
                outlets.append(name)
            guessed += [name] if entity == "PORT" else []
        if guessed:
            self.notes.append(f"which ports are inlets follows from the direction of their connections: {', '.join(guessed)}")
        return tuple(inlets), tuple(outlets)

    def _refuse_unknown_components(self) -> None:
        problems = [
            Problem(f"there is no component '{target.component}'", f"{self.file}, connection '{connection.id}'", "correct its id")
            for connection in self.connections
            for target in (connection.source, *connection.sinks)
            if target.component not in self.components
        ]
        if problems:
            raise InputError(problems)

    def _component_names(self) -> dict[str, str]:
        """Return what each component is called: its name where names differ, else its id."""
        names = [component.name for component in self.device.components]
        usable = all(names) and len(set(names)) == len(names)
        return {component.id: component.name if usable else component.id for component in self.device.components}

    def _lines(self) -> list[Line]:
        lines: list[Line] = []
        problems: list[Problem] = []
        straight: list[str] = []
        for connection in self.connections:
            name, where = self._connection_name(connection), f"{self.file}, connection '{connection.id}'"
            width, depth = self._sizes(connection, where, problems)
            for number, sink in enumerate(connection.sinks, start=1):
                own = name if len(connection.sinks) == 1 else f"{name}_{number}"
                points, routed = line_of(connection, sink, self.components, self.places)
                if not points:
                    what = f"the length of '{own}' is not said: it has no path, and its components are not placed"
                    problems.append(Problem(what, where, "give wayPoints in 'paths', or params.position to both components"))
                straight += [own] if points and not routed else []
                lines.append(Line(own, connection.source, sink, points, routed, width, depth))
        if problems:
            raise InputError(problems)
        if straight:
            self.notes.append(f"{len(straight)} connections have no path; their length is the straight distance of their ends")
        return lines

    def _connection_name(self, connection: ConnectionKeys) -> str:
        names = [other.name for other in self.connections]
        return connection.name if connection.name and names.count(connection.name) == 1 else connection.id

    def _sizes(self, connection: ConnectionKeys, where: str, problems: list[Problem]) -> tuple[float, float]:
        sizes = []
        wanted = (("width", WIDTH_KEYS, self.width_um), ("depth", DEPTH_KEYS, self.depth_um))
        for word, keys, otherwise in wanted:
            size = number_of(connection.params, keys) or otherwise
            if size is None or size <= 0:
                remedy = f"give params.{keys[0]}, or {word}_um for all channels that do not say"
                problems.append(Problem(f"the {word} of the channel is not said", where, remedy))
            sizes.append(size or 1.0)
        return sizes[0], sizes[1]

    def _mixers(self) -> dict[str, NetworkChannel]:
        """Return the channel inside each two-ended mixer, by the component's id."""
        inner: dict[str, NetworkChannel] = {}
        for component in self.device.components:
            length, ends = mixer_length(component), self._labels(component)
            width = number_of(component.params, WIDTH_KEYS)
            depth = number_of(component.params, DEPTH_KEYS) or self.depth_um
            if length is not None and width is not None and depth is not None and len(ends) == 2:
                name = self.names[component.id]
                inner[component.id] = NetworkChannel(name, f"{name}.{ends[0]}", f"{name}.{ends[1]}", width, depth, length)
        return inner

    def _labels(self, component: ComponentKeys) -> list[str]:
        """Return the labels of a component's ports that connections join."""
        used = {label_of(t.port) for line in self.lines for t in (line.source, line.sink) if t.component == component.id}
        return sorted(used)

    def _node(self, target: TargetKeys, inner: dict[str, NetworkChannel]) -> str:
        name = self.names[target.component]
        return f"{name}.{label_of(target.port)}" if target.component in inner else name

    def _note_bodies(self, inner: set[str]) -> None:
        silent = [
            self.names[component.id]
            for component in self.device.components
            if component.entity.upper() not in (*PORT_ENTITIES, "NODE") and component.id not in inner
        ]
        if silent:
            self.notes.append(f"these components are points without resistance of their own: {', '.join(silent)}")
