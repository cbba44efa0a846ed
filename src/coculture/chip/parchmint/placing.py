"""Where the components and connections of a ParchMint device lie, and how wide, deep and long a connection is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from coculture.chip.geometry.shapes import Point
from coculture.chip.parchmint.device_file import ComponentKeys, ConnectionKeys, DeviceFile, TargetKeys

WIDTH_KEYS = ("channelWidth", "width", "flowChannelWidth")
DEPTH_KEYS = ("height", "depth", "channelDepth")


def number_of(parameters: Mapping[str, Any], keys: tuple[str, ...]) -> float | None:
    """Return the first of ``keys`` that holds a finite number above 0; None where none does."""
    for key in keys:
        value = parameters.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf:
            return float(value)
    return None


def label_of(port: Any) -> str:
    """Return a port's label; some writers put the whole port where its label belongs."""
    return str(port.get("label", "")) if isinstance(port, dict) else "" if port is None else str(port)


def flow_connections(device: DeviceFile) -> tuple[list[ConnectionKeys], list[str]]:
    """Return the connections that carry medium, and the names of those on control layers."""
    control = {layer.id for layer in device.layers if "control" in f"{layer.type} {layer.name}".lower()}
    flow = [connection for connection in device.connections if connection.layer not in control]
    return flow, [connection.name or connection.id for connection in device.connections if connection.layer in control]


def positions(device: DeviceFile) -> dict[str, Point]:
    """Return the upper left corner of each placed component, by id.

    A position below 0 stands for 'not placed', and so does one place for several components.
    """
    found: dict[str, Point] = {}
    for component in device.components:
        place = component.params.get("position")
        if isinstance(place, list | tuple) and len(place) == 2 and all(isinstance(value, int | float) for value in place):
            x, y = float(place[0]), float(place[1])
            if x >= 0 and y >= 0:
                found[component.id] = (x, y)
    shared = [place for place in found.values() if list(found.values()).count(place) > 1]
    return {name: place for name, place in found.items() if place not in shared}


def end_of(target: TargetKeys, components: Mapping[str, ComponentKeys], places: Mapping[str, Point]) -> Point | None:
    """Return the place of a connection's end: its port, else the middle of its component; None where that is not placed."""
    component, corner = components[target.component], places.get(target.component)
    if corner is None:
        return None
    for port in component.ports:
        if label_of(port.label) == label_of(target.port) and port.x >= 0 and port.y >= 0:
            return corner[0] + port.x, corner[1] + port.y
    return corner[0] + (component.x_span or 0.0) / 2, corner[1] + (component.y_span or 0.0) / 2


def line_of(
    connection: ConnectionKeys, sink: TargetKeys, components: Mapping[str, ComponentKeys], places: Mapping[str, Point]
) -> tuple[tuple[Point, ...], bool]:
    """Return the centre line from a connection's source to ``sink``, and whether the file gives its way.

    Without a way it is the straight line between the two ends; empty where an end is not placed.
    """
    ends = [end_of(connection.source, components, places), end_of(sink, components, places)]
    way = next(_ways(connection, sink), ())
    points = [*([ends[0]] if ends[0] else []), *way, *([ends[1]] if ends[1] else [])]
    line = tuple(point for number, point in enumerate(points) if number == 0 or point != points[number - 1])
    complete = bool(way) or (ends[0] is not None and ends[1] is not None)
    return (line if complete and len(line) > 1 else ()), bool(way)


def _ways(connection: ConnectionKeys, sink: TargetKeys) -> Iterator[tuple[Point, ...]]:
    for path in connection.paths or ():
        ends_there = path.sink is None or path.sink.component == sink.component
        if ends_there and path.way_points and len(path.way_points) > 1:
            yield path.way_points


def mixer_length(component: ComponentKeys) -> float | None:
    """Return the length of the serpentine inside a mixer, µm; None where the component does not say.

    A mixer of N bends has 2 N legs of ``bendLength + channelWidth``, and as many steps of ``bendSpacing + channelWidth``
    from leg to leg, centre to centre.
    """
    if "MIXER" not in component.entity.upper():
        return None
    bends = number_of(component.params, ("numberOfBends", "numBends"))
    leg, step = number_of(component.params, ("bendLength",)), number_of(component.params, ("bendSpacing",))
    width = number_of(component.params, WIDTH_KEYS)
    if bends is None or leg is None or step is None or width is None:
        return None
    return 2 * bends * (leg + width) + 2 * bends * (step + width)
