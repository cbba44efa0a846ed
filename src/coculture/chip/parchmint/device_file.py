"""The keys of a ParchMint file that matter here; others are passed over, as the format allows any parameter.

After the published schema, ``parchmint_v1_2.json`` of CIDARLAB/pyparchmint. Lengths are µm.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Pair = Annotated[tuple[float, float], Field(strict=False)]
Parameters = dict[str, Any]


class _Keys(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True, allow_inf_nan=False)


class LayerKeys(_Keys):
    """A layer of the device."""

    id: str
    name: str = ""
    type: str = Field(default="", description="FLOW or CONTROL")


class PortKeys(_Keys):
    """Where a connection may join a component; measured from the component's upper left corner."""

    label: Any = ""
    x: float
    y: float


class ComponentKeys(_Keys):
    """A component."""

    id: str
    name: str = ""
    entity: str = ""
    layers: Annotated[tuple[str, ...], Field(strict=False)] = ()
    ports: Annotated[tuple[PortKeys, ...], Field(strict=False)] = ()
    params: Parameters = Field(default_factory=dict)
    x_span: float | None = Field(default=None, alias="x-span")
    y_span: float | None = Field(default=None, alias="y-span")


class TargetKeys(_Keys):
    """One end of a connection."""

    component: str
    port: Any = None


class PathKeys(_Keys):
    """The way of a connection from its source to one of its sinks."""

    source: TargetKeys | None = None
    sink: TargetKeys | None = None
    way_points: Annotated[tuple[Pair, ...], Field(strict=False)] | None = Field(default=None, alias="wayPoints")


class ConnectionKeys(_Keys):
    """A connection from a source to one or more sinks."""

    id: str
    name: str = ""
    layer: str = ""
    source: TargetKeys
    sinks: Annotated[tuple[TargetKeys, ...], Field(strict=False, min_length=1)]
    params: Parameters = Field(default_factory=dict)
    paths: Annotated[tuple[PathKeys, ...], Field(strict=False)] | None = None


class DeviceFile(_Keys):
    """A ParchMint file."""

    name: str
    layers: Annotated[tuple[LayerKeys, ...], Field(strict=False)] = ()
    components: Annotated[tuple[ComponentKeys, ...], Field(strict=False, min_length=1)]
    connections: Annotated[tuple[ConnectionKeys, ...], Field(strict=False, min_length=1)]
    params: Parameters = Field(default_factory=dict)
