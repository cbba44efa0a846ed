"""From a placed ParchMint device to a drawn chip."""

from __future__ import annotations

import re

from coculture.chip.geometry.channel_path import channel_polygons
from coculture.chip.geometry.chip import Chip, OpenPart, PortPart
from coculture.chip.geometry.shapes import Disc, Point, Rectangle, Shape, union_bounds
from coculture.chip.parchmint.device_file import ComponentKeys
from coculture.chip.parchmint.placing import number_of
from coculture.chip.parchmint.to_network import PORT_ENTITIES, NetworkMaker
from coculture.errors import InputError

MARGIN_UM = 500.0
CELLS_ACROSS = 4


def drawn_chip(maker: NetworkMaker) -> tuple[Chip | None, list[str]]:
    """Return the chip, or None and what is missing for a drawing.

    Ports become discs, components called CHAMBER rectangles of their span, connections channels along their path; components
    called NODE have no body. Anything else is not drawn, and then neither is the chip.
    """
    missing = [reason for component in maker.device.components if (reason := _not_drawn(component, maker))]
    missing += [f"the connection '{line.name}' has no path" for line in maker.lines if not line.routed]
    if not maker.lines:
        missing.append("the device has no connection on a flow layer")
    if missing:
        return None, missing
    try:
        parts = [*_channels(maker), *_bodies(maker)]
    except InputError as error:
        return None, [f"{problem.where}: {problem.what}" for problem in error.problems]
    left, top, right, bottom = union_bounds(tuple(shape for part in parts for shape in part.shapes))
    shift = (MARGIN_UM - left, MARGIN_UM - top)
    return Chip(
        name=re.sub(r"\W", "_", maker.device.name) or "device",
        title=f"ParchMint device {maker.device.name}",
        source=maker.file,
        file=maker.file,
        width_um=right - left + 2 * MARGIN_UM,
        height_um=bottom - top + 2 * MARGIN_UM,
        pitch_um=min(line.width_um for line in maker.lines) / CELLS_ACROSS,
        open_parts=tuple(_moved(part, shift) for part in parts),
        ports=tuple(_moved_port(port, shift) for port in _ports(maker)),
    ), []


def _not_drawn(component: ComponentKeys, maker: NetworkMaker) -> str:
    entity = component.entity.upper()
    name = maker.names[component.id]
    if component.id not in maker.places:
        return f"the component '{name}' is not placed"
    if entity in PORT_ENTITIES or "CHAMBER" in entity:
        return "" if _body(component, maker) is not None else f"the size of the component '{name}' is not said"
    return "" if entity == "NODE" else f"the component '{name}' is a {component.entity or 'thing without entity'}"


def _body(component: ComponentKeys, maker: NetworkMaker) -> Shape | None:
    """Return the outline of a port or chamber; None where its size is not said."""
    x, y = maker.places[component.id]
    width, height = component.x_span or 0.0, component.y_span or 0.0
    if "CHAMBER" in component.entity.upper():
        return Rectangle(x, y, width, height) if width > 0 and height > 0 else None
    radius = number_of(component.params, ("portRadius", "radius")) or min(width, height) / 2
    return Disc(x + (width or 2 * radius) / 2, y + (height or 2 * radius) / 2, radius) if radius > 0 else None


def _channels(maker: NetworkMaker) -> list[OpenPart]:
    parts = []
    for line in maker.lines:
        place = f"{maker.file}, connection '{line.name}'"
        shapes = channel_polygons(line.points_um, (line.width_um,) * len(line.points_um), place)
        regions = (line.name,) * len(shapes)
        parts.append(OpenPart(line.name, "channel", shapes, line.depth_um, regions, place, line.width_um, (line.points_um,)))
    return parts


def _bodies(maker: NetworkMaker) -> list[OpenPart]:
    parts = []
    for component in maker.device.components:
        shape = None if component.entity.upper() == "NODE" else _body(component, maker)
        if shape is not None:
            name = maker.names[component.id]
            joined = [line.depth_um for line in maker.lines if component.id in (line.source.component, line.sink.component)]
            place = f"{maker.file}, component '{name}'"
            parts.append(OpenPart(name, "chamber", (shape,), max(joined, default=1.0), (name,), place))
    return parts


def _ports(maker: NetworkMaker) -> list[PortPart]:
    """Return the ports: discs of 0.8 times the radius of their components, so that they lie in open space."""
    ports = []
    for component in maker.device.components:
        name = maker.names[component.id]
        body = _body(component, maker) if component.entity.upper() in PORT_ENTITIES else None
        if isinstance(body, Disc):
            disc = Disc(body.x_um, body.y_um, 0.8 * body.radius_um)
            ports.append(PortPart(name, "inlet" if name in maker.inlets else "outlet", disc, f"{maker.file}, component '{name}'"))
    return ports


def _moved(part: OpenPart, shift: Point) -> OpenPart:
    paths = tuple(tuple((x + shift[0], y + shift[1]) for x, y in path) for path in part.path_um)
    shapes = tuple(shape.moved(*shift) for shape in part.shapes)
    return OpenPart(part.name, part.kind, shapes, part.depth_um, part.regions, part.place, part.width_um, paths)


def _moved_port(port: PortPart, shift: Point) -> PortPart:
    return PortPart(port.name, port.kind, port.shape.moved(*shift), port.place)
