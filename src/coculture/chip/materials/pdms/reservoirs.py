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

    The first entry is the film of height h = ``depth_um``. The film sees every reservoir and they do not see each other, so
    that the decay rates µ solve one equation, ``h + Σ m_j p_j/(p_j − µ) = 0``, beside µ = 0 (everything level). Each root
    lies between two filling rates and is found as a distance from the nearer one, which keeps every digit however stiff the
    wall is.
    """
    rate, room = reservoirs.rate_per_min, reservoirs.room_um
    height = np.concatenate([[depth_um], room])
    decay, apart = _decay_rates(rate, room, depth_um)
    shape = np.ones((len(rate) + 1, len(height)))  # modes × (film, reservoirs); the first mode is level
    shape[1:, 1:] = rate[None, :] / apart
    norm = (height * shape**2).sum(axis=1)
    fading = np.exp(-np.concatenate([[0.0], decay]) * minutes) / norm
    return np.asarray(np.maximum((shape.T * fading) @ (shape * height), 0.0))


def _decay_rates(rate: Floats, room: Floats, depth: float) -> tuple[Floats, Floats]:
    """Return the (n,) rates µ above 0, and (n, n) every ``p_j − µ_k`` of root k without cancellation. Rates ascend."""
    link = rate * room
    gap = np.append(np.diff(rate), rate[-1] + link.sum() / depth)
    left = np.arange(len(rate))
    middle = rate[:, None] + 0.5 * gap[:, None]
    from_right = (_balance(rate[None, :] - middle, link, depth) < 0) & (left < len(rate) - 1)
    origin = np.where(from_right, left + 1, left)
    sign = np.where(from_right, -1.0, 1.0)
    base = rate[None, :] - rate[origin][:, None]
    low, high = np.log(gap) - 80.0, np.log(gap)
    for _ in range(70):
        way = 0.5 * (low + high)
        value = sign * _balance(base - (sign * np.exp(way))[:, None], link, depth)
        low, high = np.where(value < 0, way, low), np.where(value < 0, high, way)
    step = sign * np.exp(0.5 * (low + high))
    return np.asarray(rate[origin] + step), np.asarray(base - step[:, None])


def _balance(apart: Floats, link: Floats, depth: float) -> Floats:
    return np.asarray(depth + (link / apart).sum(axis=1))
