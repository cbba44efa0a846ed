"""A chip as it is drawn: parts with their shapes, before any grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from coculture.chip.geometry.shapes import Bounds, Point, Shape
from coculture.chip.grid import GelKind, Membrane
from coculture.chip.network import ChannelNetwork


@dataclass(frozen=True)
class OpenPart:
    """A channel or chamber: space that medium can fill.

    Attributes
    ----------
    name, kind : its name in the file, and what it is.
    shapes : what it covers: all copies of it, all stretches of a channel.
    depth_um : height of the space.
    regions : for each of ``shapes`` the region it belongs to.
    place : where it stands in its file, for errors.
    width_um : narrowest width of a channel; None for a chamber.
    path_um : centre lines of the channels; empty for a chamber.
    """

    name: str
    kind: Literal["channel", "chamber"]
    shapes: tuple[Shape, ...]
    depth_um: float
    regions: tuple[str, ...]
    place: str
    width_um: float | None = None
    path_um: tuple[tuple[Point, ...], ...] = ()


@dataclass(frozen=True)
class PostPart:
    """Solid posts (all copies of one) that stand in the open parts, from floor to ceiling."""

    name: str
    shapes: tuple[Shape, ...]
    place: str


@dataclass(frozen=True)
class GelPart:
    """A hydrogel that fills the open space inside its shapes.

    Attributes
    ----------
    kind : the gel.
    shapes : where it is.
    region : the region its cells belong to; '' keeps that of the open parts.
    held_by : what holds its free surface: ``posts`` (then gaps between them are checked) or ``phaseguide`` (not drawn).
    widest_gap_um : the widest gap between supports that its free surface bridges.
    place : where it stands in its file.
    """

    kind: GelKind
    shapes: tuple[Shape, ...]
    region: str
    held_by: Literal["posts", "phaseguide"]
    widest_gap_um: float
    place: str


@dataclass(frozen=True)
class RegionPart:
    """A named region: open space inside its shapes; it takes precedence over the regions of channels, chambers and gels."""

    names: tuple[str, ...]
    shapes: tuple[Shape, ...]
    place: str


@dataclass(frozen=True)
class PortPart:
    """An inlet or outlet."""

    name: str
    kind: Literal["inlet", "outlet"]
    shape: Shape
    place: str


@dataclass(frozen=True)
class MembranePart:
    """A membrane over a region."""

    membrane: Membrane
    place: str


@dataclass(frozen=True)
class DesignParameter:
    """A number of a design that may be changed.

    Attributes
    ----------
    name, unit, meaning : what it is.
    value, default : as it is, and as the design has it.
    source : where the default comes from; ``usual practice`` where it was read nowhere.
    least, most : bounds, where there are any.
    """

    name: str
    value: float
    default: float
    unit: str
    meaning: str
    source: str
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, eq=False)
class Chip:
    """A chip as it is drawn. Lengths are µm, x to the right, y down from the upper left corner of the frame.

    Attributes
    ----------
    name, title, source : the design's name, one line about it, and where its dimensions come from.
    file : the file it was read from, as errors call it.
    width_um, height_um : of the frame. What no part opens is solid.
    pitch_um : width of a cell that resolves the design.
    open_parts, posts, gels, regions, ports, membranes : the parts.
    parameters : the numbers that may be changed, by name, as they are.
    network : the chip as a network of channels, where it is one.
    """

    name: str
    title: str
    source: str
    file: str
    width_um: float
    height_um: float
    pitch_um: float
    open_parts: tuple[OpenPart, ...]
    posts: tuple[PostPart, ...] = ()
    gels: tuple[GelPart, ...] = ()
    regions: tuple[RegionPart, ...] = ()
    ports: tuple[PortPart, ...] = ()
    membranes: tuple[MembranePart, ...] = ()
    parameters: Mapping[str, DesignParameter] = field(default_factory=dict)
    network: ChannelNetwork | None = None

    @property
    def bounds_um(self) -> Bounds:
        """The frame: left, top, right, bottom."""
        return 0.0, 0.0, self.width_um, self.height_um
