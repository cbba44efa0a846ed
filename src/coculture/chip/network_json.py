"""Read a network of channels from the JSON of published gradient generators: channels, pumps, SI units.

::

    {"name": "…",
     "channels": [{"id": "c1", "a": "node0", "b": "node1", "w": 3e-4, "h": 2e-4, "L": 3e-3}, …],
     "pumps": [{"id": "pump0", "a": "groundNode", "b": "node0", "Q": 8.3e-11}, …]}

Widths, heights and lengths are m, flows ``Q`` m³/s, pressures ``P`` Pa. A pump begins at a ground node; grounds, and nodes
called ``sinkNode``, are at 0 Pa; a file may name others in ``grounds``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coculture.chip.network import ChannelNetwork, FlowPump, NetworkChannel, PressurePump
from coculture.errors import InputError, Problem
from coculture.typed_file.complaints import merged, problem_of
from coculture.typed_file.reading import read_text

UM_PER_M = 1e6
UM3_PER_MIN_PER_M3_PER_S = 60e18
OUTLET_NAMES = ("sinkNode", "groundNode")


class _Keys(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True, allow_inf_nan=False)


class ChannelKeys(_Keys):
    """A channel; m."""

    id: str
    a: str
    b: str
    w: float
    h: float
    L: float


class PumpKeys(_Keys):
    """A pump from the ground ``a`` into ``b``: a flow, m³/s, or a pressure, Pa."""

    id: str
    a: str
    b: str
    Q: float | None = None
    P: float | None = None


class GeneratorFile(_Keys):
    """A published gradient generator."""

    name: str
    channels: Annotated[tuple[ChannelKeys, ...], Field(strict=False, min_length=1)]
    pumps: Annotated[tuple[PumpKeys, ...], Field(strict=False)] = ()
    grounds: Annotated[tuple[str, ...], Field(strict=False)] = ()


def read_generator(path: Path) -> ChannelNetwork:
    """Read the network in the JSON file at ``path``.

    Raises
    ------
    FileError : if there is no such file, or it is no text.
    InputError : if it is no JSON, lacks keys, a pump says neither flow nor pressure, or the network has no outlet.
    """
    file = str(path)
    text = read_text(path, "network file", "check the path")
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is not valid JSON: {error}", file, "a network file is one JSON object") from None
    try:
        given = GeneratorFile.model_validate(tree)
    except ValidationError as error:
        problems = [problem_of(detail, GeneratorFile, file, {}) for detail in error.errors(include_url=False)]
        raise InputError(merged(problems)) from None
    return _network(given, file)


def _network(given: GeneratorFile, file: str) -> ChannelNetwork:
    channels = tuple(
        NetworkChannel(one.id, one.a, one.b, one.w * UM_PER_M, one.h * UM_PER_M, one.L * UM_PER_M) for one in given.channels
    )
    nodes = tuple(dict.fromkeys(node for channel in channels for node in (channel.start, channel.end)))
    outlets = tuple(node for node in nodes if node in (*OUTLET_NAMES, *given.grounds))
    if not outlets:
        remedy = f"call a node {' or '.join(OUTLET_NAMES)}, or name it in 'grounds'"
        raise InputError("no node is at 0 Pa: nothing can leave", file, remedy)
    problems = [
        Problem("it needs either Q or P", f"{file}, pump '{pump.id}'", "give a flow Q in m³/s or a pressure P in Pa")
        for pump in given.pumps
        if (pump.Q is None) == (pump.P is None)
    ]
    if problems:
        raise InputError(problems)
    return ChannelNetwork(
        given.name,
        nodes,
        channels,
        inlets=tuple(dict.fromkeys(pump.b for pump in given.pumps)),
        outlets=outlets,
        pressure_pumps=tuple(PressurePump(pump.b, pump.P) for pump in given.pumps if pump.P is not None),
        flow_pumps=tuple(FlowPump(pump.b, pump.Q * UM3_PER_MIN_PER_M3_PER_S) for pump in given.pumps if pump.Q is not None),
    )
