"""Read a chip from its design file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from coculture.chip.geometry import design_file as keys
from coculture.chip.geometry.channel_path import channel_polygons
from coculture.chip.geometry.chip import (
    Chip,
    GelPart,
    MembranePart,
    OpenPart,
    PortPart,
    PostPart,
    RegionPart,
)
from coculture.chip.geometry.file_place import FilePlaces
from coculture.chip.geometry.parameters import declared_parameters, resolved, with_values
from coculture.chip.geometry.shapes import Disc, Point, Polygon, Rectangle, Shape, crosses_itself
from coculture.chip.geometry.tree import columns, drawn_lines, shortest_even_um, tree_network
from coculture.chip.grid import GelKind, Membrane
from coculture.errors import InputError, Problem
from coculture.typed_file.reading import parse_toml, read_text, toml_tree
from coculture.typed_file.section import Section

T = TypeVar("T")
UM3_PER_UL = 1e9


def read_chip(path: Path, parameters: Mapping[str, float] | None = None) -> Chip:
    """Read the chip in the design file at ``path``.

    Parameters
    ----------
    path : a TOML file.
    parameters : values for the design's parameters, by name; those not named keep their default.

    Raises
    ------
    FileError : if there is no such file, or it is no text.
    InputError : with everything that is wrong in it, each with line and key.
    """
    remedy = "'coculture chip list' names the designs that come with the program"
    return parse_chip(read_text(path, "design", remedy), str(path), parameters)


def parse_chip(text: str, file: str, parameters: Mapping[str, float] | None = None) -> Chip:
    """Return the chip a design's text describes; see :func:`read_chip`."""
    tree = toml_tree(text, file)
    places = FilePlaces.of(file, text)
    given = with_values(declared_parameters(tree, places), parameters or {}, file)
    design = parse_toml(text, keys.DesignFile, file, tree=resolved(tree, given, places))
    parts = _Parts(places)
    chip = Chip(
        name=design.name,
        title=design.title,
        source=design.source,
        file=file,
        width_um=design.frame.width_um,
        height_um=design.frame.height_um,
        pitch_um=design.pitch_um,
        open_parts=(
            *parts.each("channel", design.channel, parts.channel),
            *(part for found in parts.each("tree", design.tree, parts.tree) for part in found),
            *parts.each("chamber", design.chamber, parts.chamber),
        ),
        posts=parts.each("post", design.post, parts.post),
        gels=parts.each("gel", design.gel, parts.gel),
        regions=parts.each("region", design.region, parts.region),
        ports=(
            *(port for found in parts.each("tree", design.tree, parts.tree_ports) for port in found),
            *parts.each("inlet", design.inlet, parts.inlet),
            *parts.each("outlet", design.outlet, parts.outlet),
        ),
        membranes=parts.each("membrane", design.membrane, parts.membrane),
        parameters=given,
        network=tree_network(design.tree[0], design.name) if design.tree else None,
    )
    parts.refuse_same_names(chip)
    if parts.problems:
        raise InputError(parts.problems)
    return chip


def shape_of(given: keys.RectangleKeys | keys.DiscKeys | keys.PolygonKeys) -> Shape:
    """Return the shape that a file's keys describe."""
    if isinstance(given, keys.RectangleKeys):
        return Rectangle(given.x_um, given.y_um, given.width_um, given.height_um)
    if isinstance(given, keys.DiscKeys):
        return Disc(given.x_um, given.y_um, given.diameter_um / 2)
    return Polygon(given.points_um)


def steps_of(repeats: Sequence[keys.RepeatKeys]) -> list[Point]:
    """Return the step from a part to each of its copies, the first being none; the last repeat runs fastest."""
    steps: list[Point] = [(0.0, 0.0)]
    for repeat in repeats:
        copies = [(number * repeat.dx_um, number * repeat.dy_um) for number in range(repeat.count)]
        steps = [(dx + step_x, dy + step_y) for dx, dy in steps for step_x, step_y in copies]
    return steps


def _numbered(name: str, number: int) -> str:
    return name.replace("{n}", str(number))


class _Parts:
    """Turns the tables of a file into parts and keeps what is wrong with them."""

    def __init__(self, places: FilePlaces) -> None:
        self.places = places
        self.problems: list[Problem] = []
        self.place = ""

    def each(self, kind: str, tables: Sequence[Section], build: Callable[..., T]) -> tuple[T, ...]:
        """Build a part of each table; where one cannot be built, keep the problem and go on."""
        built: list[T] = []
        for number, table in enumerate(tables):
            self.place = self.places.at(kind, number)
            try:
                built.append(build(table))
            except InputError as error:
                self.problems += error.problems
        return tuple(built)

    def channel(self, table: keys.ChannelKeys) -> OpenPart:
        widths = self._widths(table)
        shapes: list[Shape] = []
        regions: list[str] = []
        paths = []
        for number, (dx, dy) in enumerate(steps_of(table.repeat), start=1):
            points = tuple((x + dx, y + dy) for x, y in table.points_um)
            stretches = channel_polygons(points, widths, self.place)
            shapes += stretches
            regions += [_numbered(table.region or table.name, number)] * len(stretches)
            paths.append(points)
        return OpenPart(
            table.name, "channel", tuple(shapes), table.depth_um, tuple(regions), self.place, min(widths), tuple(paths)
        )

    def _widths(self, table: keys.ChannelKeys) -> tuple[float, ...]:
        if (table.width_um is None) == (not table.widths_um):
            what = "width_um and widths_um are both given" if table.widths_um else "the channel has no width"
            raise InputError(what, self.place, "give width_um, or widths_um with one width a point")
        if table.width_um is not None:
            return (table.width_um,) * len(table.points_um)
        if len(table.widths_um) != len(table.points_um):
            what = f"there are {len(table.widths_um)} widths for {len(table.points_um)} points"
            raise InputError(what, f"{self.place}.widths_um", "give one width a point")
        return table.widths_um

    def tree(self, table: keys.TreeKeys) -> list[OpenPart]:
        if table.outlets <= table.inlets:
            what = f"there are {table.outlets} outlets for {table.inlets} inlets"
            raise InputError(what, f"{self.place}.outlets", "a tree has more outlets than inlets")
        if 2 * table.leg_um + table.width_um >= table.column_um:
            what = f"mixers of {2 * table.leg_um + table.width_um:g} µm stand {table.column_um:g} µm apart and touch"
            raise InputError(what, f"{self.place}.column_um", "make column_um larger or leg_um smaller")
        if table.row_um <= table.width_um:
            what = f"legs of {table.width_um:g} µm stand {table.row_um:g} µm apart and touch"
            raise InputError(what, f"{self.place}.row_um", "make row_um larger than width_um")
        if 0 < table.even_um < (needed := shortest_even_um(table)):
            what = f"the detours of the outlets do not fit into {table.even_um:g} µm"
            raise InputError(what, f"{self.place}.even_um", f"give at least {needed:g} µm, or 0 for outlets of unlike lengths")
        parts = []
        for line in drawn_lines(table):
            shapes = channel_polygons(line.points_um, (table.width_um,) * len(line.points_um), self.place)
            regions = (table.name,) * len(shapes)
            parts.append(
                OpenPart(line.name, "channel", shapes, table.depth_um, regions, self.place, table.width_um, (line.points_um,))
            )
        return parts

    def chamber(self, table: keys.ChamberKeys) -> OpenPart:
        shapes, regions = self._copies(table.shape, table.repeat, table.region or table.name)
        return OpenPart(table.name, "chamber", shapes, table.depth_um, regions, self.place)

    def post(self, table: keys.PostKeys) -> PostPart:
        return PostPart(table.name, self._copies(table.shape, table.repeat)[0], self.place)

    def gel(self, table: keys.GelKeys) -> GelPart:
        shapes, regions = self._copies(table.shape, table.repeat, table.region or table.name)
        kind = GelKind(table.name, table.permeability_um2, table.diffusion_factor, table.porosity)
        return GelPart(kind, shapes, regions[0], table.held_by, table.widest_gap_um, self.place)

    def region(self, table: keys.RegionKeys) -> RegionPart:
        shapes, names = self._copies(table.shape, table.repeat, table.name)
        return RegionPart(names, shapes, self.place)

    def inlet(self, table: keys.PortKeys) -> PortPart:
        return PortPart(table.name, "inlet", self._shape(table.shape), self.place)

    def outlet(self, table: keys.PortKeys) -> PortPart:
        return PortPart(table.name, "outlet", self._shape(table.shape), self.place)

    def tree_ports(self, table: keys.TreeKeys) -> list[PortPart]:
        """Return an inlet at the upper end of each inlet channel, as wide as it and a quarter of its length."""
        return [
            PortPart(
                f"inlet_{number}",
                "inlet",
                Rectangle(x - table.width_um / 2, table.y_um, table.width_um, table.lead_um / 4),
                self.place,
            )
            for number, x in enumerate(columns(table, table.inlets), start=1)
        ]

    def membrane(self, table: keys.MembraneKeys) -> MembranePart:
        membrane = Membrane(
            table.name,
            table.region,
            table.thickness_um,
            table.pore_radius_um,
            table.porosity,
            table.tank_volume_ul * UM3_PER_UL,
        )
        return MembranePart(membrane, self.place)

    def _copies(
        self,
        given: keys.RectangleKeys | keys.DiscKeys | keys.PolygonKeys,
        repeats: Sequence[keys.RepeatKeys],
        name: str = "",
    ) -> tuple[tuple[Shape, ...], tuple[str, ...]]:
        shape = self._shape(given)
        steps = steps_of(repeats)
        shapes = tuple(shape.moved(dx, dy) for dx, dy in steps)
        return shapes, tuple(_numbered(name, number) for number in range(1, len(steps) + 1))

    def _shape(self, given: keys.RectangleKeys | keys.DiscKeys | keys.PolygonKeys) -> Shape:
        shape = shape_of(given)
        if isinstance(shape, Polygon) and crosses_itself(shape.corners_um):
            raise InputError("the polygon's outline crosses itself", f"{self.place}.shape", "give the corners in order around it")
        if shape.area_um2 == 0:
            raise InputError("the polygon has no area", f"{self.place}.shape", "give corners that do not lie on one line")
        return shape

    def refuse_same_names(self, chip: Chip) -> None:
        """Keep a problem for every name that two parts of a kind, or two ports, share."""
        groups: dict[str, list[tuple[str, str]]] = {
            "parts": [
                *((opened.name, opened.place) for opened in chip.open_parts),
                *((post.name, post.place) for post in chip.posts),
            ],
            "ports": [(port.name, port.place) for port in chip.ports],
            "gels": [(gel.kind.name, gel.place) for gel in chip.gels],
            "membranes": [(cover.membrane.name, cover.place) for cover in chip.membranes],
        }
        for kind, named in groups.items():
            seen: dict[str, str] = {}
            for name, place in named:
                if name in seen:
                    self.problems.append(
                        Problem(f"two {kind} are called '{name}'", place, f"rename one; the other is at {seen[name]}")
                    )
                seen.setdefault(name, place)
