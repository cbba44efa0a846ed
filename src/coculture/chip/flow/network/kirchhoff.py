"""Pressures and flows of a channel network by Kirchhoff's laws.

The pressures of outlets and pressure pumps are known; at every other node what flows in flows out, which gives one linear
equation per node, symmetric and positive definite. It is solved directly and refined, so that balance holds to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.linalg import splu

from coculture.chip.flow.medium import Medium
from coculture.chip.flow.network.checks import check_network, fixed_pressures
from coculture.chip.flow.network.resistance import ResistanceFormula, duct_resistance
from coculture.chip.network import ChannelNetwork
from coculture.errors import DataError, InputError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
LARGEST_IMBALANCE = 1e-6
"""Imbalance of a node, as a share of the inflow, above which the result is refused."""


@dataclass(frozen=True, eq=False)
class NetworkFlow:
    """Steady flow through a channel network.

    Attributes
    ----------
    network : the network.
    pressure_pa : (nodes,) pressure at each node, Pa.
    resistance : (channels,) Pa·min/µm³.
    channel_flow : (channels,) µm³/min, positive from ``start`` to ``end``.
    entering_flow : (nodes,) µm³/min that enters the network from outside at each node; negative where it leaves.
    """

    network: ChannelNetwork
    pressure_pa: Floats
    resistance: Floats
    channel_flow: Floats
    entering_flow: Floats

    def pressure_at(self, node: str) -> float:
        """Return the pressure at ``node``, Pa; KeyError where there is none of that name."""
        return float(self.pressure_pa[_position(self.network.nodes, node)])

    def flow_in(self, channel: str) -> float:
        """Return the flow in ``channel``, µm³/min; KeyError where there is none of that name."""
        return float(self.channel_flow[_position(tuple(each.name for each in self.network.channels), channel)])

    def imbalance(self) -> float:
        """Return the largest |inflow - outflow| of any node over all that enters the network; 0 where nothing flows."""
        start, end = channel_ends(self.network)
        count = len(self.network.nodes)
        net = np.bincount(end, self.channel_flow, count) - np.bincount(start, self.channel_flow, count) + self.entering_flow
        total = float(self.entering_flow.clip(min=0).sum())
        return float(np.abs(net).max(initial=0.0)) / total if total > 0 else 0.0


def _position(names: tuple[str, ...], name: str) -> int:
    if name not in names:
        raise KeyError(name)
    return names.index(name)


def channel_ends(network: ChannelNetwork) -> tuple[Whole, Whole]:
    """Return (channels,) the numbers of the nodes at which each channel starts and ends."""
    position = {node: at for at, node in enumerate(network.nodes)}
    start = np.array([position[channel.start] for channel in network.channels], dtype=np.int64)
    end = np.array([position[channel.end] for channel in network.channels], dtype=np.int64)
    return start, end


def solve_network(network: ChannelNetwork, medium: Medium, resistance: ResistanceFormula = "series") -> NetworkFlow:
    """Return the pressures and flows of ``network``.

    Parameters
    ----------
    network : channels, pumps, outlets.
    medium : a Newtonian liquid.
    resistance : formula of a channel's resistance, see :func:`duct_resistance`.

    Raises
    ------
    InputError : for every fault of the network at once (a node cut off from all outlets, pumps at odds, …), or where the
        medium is shear-thinning.
    DataError : if resistances differ so much (by about 1e14) that rounding hides the balance.
    """
    if medium.thinning is not None:
        raise InputError(
            "a network is solved for a Newtonian liquid only",
            where="medium.thinning",
            remedy="solve on the grid, or leave it out",
        )
    check_network(network)
    resistances = np.array(
        [
            duct_resistance(each.width_um, each.depth_um, each.length_um, medium.viscosity_pa_min, resistance)
            for each in network.channels
        ],
        dtype=np.float64,
    )
    pressure, flow = _pressures_and_flows(network, resistances)
    found = NetworkFlow(network, pressure, resistances, flow, _entering(network, flow))
    if not found.imbalance() < LARGEST_IMBALANCE:
        raise _too_different(network)
    return found


def _too_different(network: ChannelNetwork) -> DataError:
    return DataError(
        "the resistances of its channels differ too much to be solved together",
        where=network.name,
        remedy="join nodes at the ends of very short, wide channels into one",
    )


def _pressures_and_flows(network: ChannelNetwork, resistances: Floats) -> tuple[Floats, Floats]:
    position = {node: at for at, node in enumerate(network.nodes)}
    pressure = np.zeros(len(network.nodes))
    free = np.ones(pressure.size, dtype=np.bool_)
    for node, fixed in fixed_pressures(network).items():
        pressure[position[node]] = fixed
        free[position[node]] = False
    pumped = _pumped(network)
    start, end = channel_ends(network)
    if not free.any():
        return pressure, (pressure[start] - pressure[end]) / resistances
    scale = float(np.exp(np.log(resistances).mean()))
    conductance = scale / resistances
    rows, columns = np.concatenate((start, end, start, end)), np.concatenate((start, end, end, start))
    values = np.concatenate((conductance, conductance, -conductance, -conductance))
    matrix = coo_array((values, (rows, columns)), shape=(free.size, free.size)).tocsc()[free][:, free]
    try:
        factors = splu(matrix.tocsc())
    except RuntimeError as singular:
        raise _too_different(network) from singular
    for _ in range(3):  # the first round solves, the others refine
        flow = (pressure[start] - pressure[end]) / resistances
        net = pumped + np.bincount(end, flow, free.size) - np.bincount(start, flow, free.size)
        pressure[free] += factors.solve(net[free] * scale)
    return pressure, (pressure[start] - pressure[end]) / resistances


def _pumped(network: ChannelNetwork) -> Floats:
    pumped = np.zeros(len(network.nodes))
    for pump in network.flow_pumps:
        pumped[network.nodes.index(pump.node)] += pump.flow_um3_per_min
    return pumped


def _entering(network: ChannelNetwork, flow: Floats) -> Floats:
    """Return what enters from outside: what flow pumps push, and what nodes of fixed pressure must supply."""
    entering = _pumped(network)
    start, end = channel_ends(network)
    net = np.bincount(start, flow, entering.size) - np.bincount(end, flow, entering.size)
    for node in fixed_pressures(network):
        entering[network.nodes.index(node)] = net[network.nodes.index(node)]
    return entering
