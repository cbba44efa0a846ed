"""What concentration each channel of a network carries, where streams meet and part.

*Fully mixed*: at a node all that flows in is mixed, and every channel that leaves carries the mean weighted by flow. Holds
where channels are long against U w²/D; the rule of the MMFT simulator (Fink et al., IEEE Access 10:28155, 2022).

*Christmas tree*: in a pyramidal gradient generator whose serpentines dominate and whose outlets flow equally, a level of B
streams splits into B + 1: out_k = (k/B) in_{k-1} + ((B - k)/B) in_k (Jeon et al., Langmuir 16:8311, 2000; Dertinger et al.,
Anal. Chem. 73:1240, 2001). It raises the degree of a Bernstein polynomial by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.network.kirchhoff import NetworkFlow, channel_ends
from coculture.errors import InputError

Floats = NDArray[np.float64]
ROUNDING = 1e-13
"""Flows below this share of the largest one are rounding, and carry nothing."""


@dataclass(frozen=True, eq=False)
class NetworkMixture:
    """Concentrations in a network.

    Attributes
    ----------
    node : (nodes,) concentration of what passes each node; 0 where nothing flows.
    channel : (channels,) concentration in each channel; 0 where nothing flows.
    """

    node: Floats
    channel: Floats


def mix_network(flow: NetworkFlow, entering: Mapping[str, float]) -> NetworkMixture:
    """Return concentrations under full mixing at every node.

    Parameters
    ----------
    flow : solved network.
    entering : concentration (any unit) of what enters from outside, by node: one for every node at which medium enters.

    Raises
    ------
    InputError : if a node is not in the network, or medium enters at a node for which nothing is given.
    """
    network = flow.network
    noise = ROUNDING * float(np.abs(np.append(flow.channel_flow, flow.entering_flow)).max(initial=0.0))
    _check_entering(flow, entering, noise)
    start, end = channel_ends(network)
    moved = np.abs(flow.channel_flow)
    source = np.where(flow.channel_flow >= 0, start, end)
    target = np.where(flow.channel_flow >= 0, end, start)
    moving = moved > noise
    count = len(network.nodes)
    outside = np.where(flow.entering_flow > noise, flow.entering_flow, 0.0)
    concentration = np.array([entering.get(node, 0.0) for node in network.nodes], dtype=np.float64)
    inflow = np.bincount(target[moving], moved[moving], count) + outside
    matrix = np.diag(np.where(inflow > 0, inflow, 1.0))
    np.subtract.at(matrix, (target[moving], source[moving]), moved[moving])
    node = np.asarray(np.linalg.solve(matrix, outside * concentration), dtype=np.float64)
    return NetworkMixture(node, np.where(moving, node[source], 0.0))


def _check_entering(flow: NetworkFlow, entering: Mapping[str, float], noise: float) -> None:
    for node in entering:
        if node not in flow.network.nodes:
            raise InputError(f"there is no node '{node}'", where="entering", remedy="nodes: " + ", ".join(flow.network.nodes))
    for node, moved in zip(flow.network.nodes, flow.entering_flow, strict=True):
        if moved > noise and node not in entering:
            raise InputError(
                f"medium enters at node '{node}', and what it carries is not given",
                where="entering",
                remedy=f"add a concentration for '{node}' (0 for plain medium)",
            )


def christmas_tree(inputs: Sequence[float | Fraction], outlets: int) -> list[Fraction]:
    """Return the outlet concentrations of a pyramidal gradient generator, left to right, as exact fractions.

    Parameters
    ----------
    inputs : concentration in each inlet, left to right; at least two.
    outlets : how many streams leave; at least as many as enter.

    Raises
    ------
    InputError : if there are fewer than two inputs, or fewer outlets than inputs.
    """
    if len(inputs) < 2 or outlets < len(inputs):
        raise InputError(
            f"a tree from {len(inputs)} inlets to {outlets} outlets cannot be built",
            where="christmas_tree",
            remedy="give at least two inlets and at least as many outlets as inlets",
        )
    level = [Fraction(value) for value in inputs]
    while len(level) < outlets:
        streams = len(level)
        split = [(level[k - 1] * k + level[k] * (streams - k)) / streams for k in range(1, streams)]
        level = [level[0], *split, level[-1]]
    return level
