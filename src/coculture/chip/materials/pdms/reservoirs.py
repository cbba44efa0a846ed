"""Diffusion into a wall as a few reservoirs that fill in parallel.

The wall's surface stands at ``K c``, its back is closed. Written in its own modes, diffusion into it is a set of reservoirs
side by side, each filling with the medium's concentration: reservoir j holds ``m_j = 2 K L/q_j²`` (as a height of medium) and
fills at the rate ``p_j = Dp q_j²/L²``, with ``q_j = (j − ½)π`` (Carslaw & Jaeger 1959, §3.3; the room of all is ``K L``). The
slow modes are taken one by one; the many fast ones are an integral over q, done by Gauss-Legendre in ln q; those that fill
faster than anyone looks are lumped. About fifteen numbers a column then give the uptake at all times to a few parts in ten
thousand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.chip.materials.pdms.wall import PdmsWall

Floats = NDArray[np.float64]

_SLOW_MODES = 4
_NODES_PER_E_FOLD = 2.0
_THICK_REACH = 12.0


@dataclass(frozen=True, eq=False)
class Reservoirs:
    """A wall as reservoirs.

    Attributes
    ----------
    room_um : (n,) what each holds, as a height of medium.
    rate_per_min : (n,) how fast each fills.
    """

    room_um: Floats
    rate_per_min: Floats


def wall_reservoirs(wall: PdmsWall, fastest_min: float, slowest_min: float) -> Reservoirs:
    """Return the reservoirs of a wall.

    Parameters
    ----------
    wall : the wall. A thick one is cut where nothing arrives within ``slowest_min``.
    fastest_min : shortest time that matters.
    slowest_min : longest time that matters; only a thick wall needs it.
    """
    thickness = min(wall.thickness_um, _THICK_REACH * math.sqrt(wall.diffusion_um2_per_min * slowest_min))
    slow = (np.arange(_SLOW_MODES) + 0.5) * np.pi
    low = _SLOW_MODES * np.pi
    high = max(thickness / math.sqrt(wall.diffusion_um2_per_min * fastest_min), 4 * low)
    count = max(3, math.ceil(_NODES_PER_E_FOLD * math.log(high / low)))
    nodes, weights = np.polynomial.legendre.leggauss(count)
    half = 0.5 * math.log(high / low)
    fast = low * np.exp(half * (1 + nodes))
    share = np.concatenate([2 / slow**2, 2 / np.pi * half * weights / fast])
    wave = np.concatenate([slow, fast, [math.sqrt(3) * high]])
    share = np.append(share, 2 / np.pi / high)
    room = wall.partition * thickness * share / share.sum()
    return Reservoirs(np.asarray(room), np.asarray(wall.diffusion_um2_per_min * (wave / thickness) ** 2))


def film_propagator(reservoirs: Reservoirs, depth_um: float, minutes: float) -> Floats:
    """Return the (n + 1, n + 1) matrix that takes film and reservoirs through ``minutes``, exactly.

    The first entry is the film of height ``depth_um``. Written with square roots of the heights the rates are a symmetric matrix,
    so that its exponential is stable however stiff it is; no entry is negative and none creates mass.
    """
    height = np.concatenate([[depth_um], reservoirs.room_um])
    root = np.sqrt(height)
    link = reservoirs.room_um * reservoirs.rate_per_min
    rates = np.zeros((len(height), len(height)))
    rates[0, 0] = -link.sum() / depth_um
    rates[0, 1:] = rates[1:, 0] = link / (root[0] * root[1:])
    rates[np.arange(1, len(height)), np.arange(1, len(height))] = -reservoirs.rate_per_min
    value, vector = np.linalg.eigh(rates)
    grown = (vector * np.exp(np.minimum(value, 0.0) * minutes)) @ vector.T
    still = root / np.sqrt(height.sum())  # everything level: known exactly, and put in exactly so that mass is kept
    level = np.outer(still, still)
    off = np.eye(len(height)) - level
    grown = off @ grown @ off + level
    return np.asarray(np.maximum(grown * root[None, :] / root[:, None], 0.0))
