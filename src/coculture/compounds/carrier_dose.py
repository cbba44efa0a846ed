r"""The four doses of a carrier side by side: administered, delivered, released, and inside the cells.

All are amounts of drug. With A administered, F(t) the fraction of carriers that has reached the cells (the chip gives it) and
f(t) the released fraction of a carrier's load at age t:

- at the cells' surface ``dS/dt = A dF/dt − k S (1 − I/Iₘ)``; inside ``dI/dt = k S (1 − I/Iₘ) − l I``, both with their first load;
- drug set free inside ``dD/dt = I df/dt − e D``; drug still in carriers inside ``(1 − f) I``.

Amounts are those of the whole population, which grows as ``N(t) = N₀ 2^{t/T}``; a division shares what a cell holds between two
daughters, so that the mean per cell is the amount over N(t) (dilution by division, as in Kim et al. 2012, Nat Nanotechnol 7:62).
Without a limit Iₘ the equations are linear and every step is solved exactly for F linear within the step; with it they are
integrated numerically. Drug set free outside the cells is the medium's: the chip follows it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import solve_ivp

from coculture.compounds.binding.occupancy import require_concentrations
from coculture.compounds.carrier import Carrier
from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]
STEPS = 4000
"""Steps the time is cut into, closer at the start, where releases are quick."""


@dataclass(frozen=True)
class CellsDosed:
    """The cells below.

    Attributes
    ----------
    number : cells at the start.
    doubling_h : time in which they double; infinite: they do not divide.
    drug_lost_per_min : rate e at which free drug inside is used up, pumped out or leaks.
    """

    number: float
    doubling_h: float = math.inf
    drug_lost_per_min: float = 0.0

    def __post_init__(self) -> None:
        require_number(self.number, "number", above=0)
        require_number(self.drug_lost_per_min, "drug_lost_per_min", least=0)
        if not self.doubling_h > 0:
            raise InputError(f"the cells double in {self.doubling_h!r} h", "doubling_h", "give hours above 0, or infinity")

    def count(self, minutes: Floats) -> Floats:
        """Return the number of cells at each time."""
        return np.asarray(self.number * 2.0 ** (minutes / (60 * self.doubling_h)))


@dataclass(frozen=True)
class CarrierDose:
    """Amounts of drug over time, pg per cell that is there at that time; all arrays of one shape (times,).

    Attributes
    ----------
    minutes : times since the carriers met the medium.
    administered : what was put in.
    delivered : load (first) of the carriers that have reached the cells.
    released : what all administered carriers have given off, wherever they are.
    at_surface : first load of the carriers at the cells' surface.
    inside_carried : drug inside the cells still in carriers.
    inside_free : drug set free inside the cells and not lost.
    carriers_inside : number of carriers in a cell.
    """

    minutes: Floats
    administered: Floats
    delivered: Floats
    released: Floats
    at_surface: Floats
    inside_carried: Floats
    inside_free: Floats
    carriers_inside: Floats

    @property
    def intracellular(self) -> Floats:
        """Drug inside a cell, carried and free."""
        return self.inside_carried + self.inside_free

    def table(self) -> dict[str, Floats]:
        """Return the doses side by side, by column name with unit."""
        return {
            "t_min": self.minutes,
            "administered_pg_per_cell": self.administered,
            "delivered_pg_per_cell": self.delivered,
            "released_pg_per_cell": self.released,
            "intracellular_pg_per_cell": self.intracellular,
            "intracellular_free_pg_per_cell": self.inside_free,
            "carriers_per_cell": self.carriers_inside,
        }


def carrier_dose(
    carrier: Carrier, carrier_mass_ug: float, cells: CellsDosed, minutes: ArrayLike, delivered_fraction: ArrayLike
) -> CarrierDose:
    """Return the four doses over time.

    Parameters
    ----------
    carrier : the carrier.
    carrier_mass_ug : mass of carriers put above the cells.
    cells : the cells.
    minutes : (T,) rising times since the carriers met the medium.
    delivered_fraction : fraction that has reached the cells: one number (all of it at time 0), or (T,) never falling, linear
        between the times; what it is at the first time arrives at time 0.

    Raises
    ------
    InputError : if times do not rise, fractions leave 0 to 1 or fall, shapes differ, or the mass is negative.
    """
    times, fraction = _schedule(minutes, delivered_fraction)
    mass = require_number(carrier_mass_ug, "carrier_mass_ug", least=0)
    load_pg = mass * 1e6 * carrier.load_mg_per_g.value / 1e3
    grid, places = _grid(times)
    released = carrier.release.released(grid)
    arrived = np.interp(grid, times, fraction)
    surface, inside = _amounts(carrier, cells, grid, load_pg * arrived, carrier.drug_per_carrier_pg)
    free = _free(grid, released, inside, cells.drug_lost_per_min)
    there = cells.count(times)
    return CarrierDose(
        minutes=times,
        administered=load_pg / there,
        delivered=load_pg * fraction / there,
        released=load_pg * released[places] / there,
        at_surface=surface[places] / there,
        inside_carried=(1 - released[places]) * inside[places] / there,
        inside_free=free[places] / there,
        carriers_inside=inside[places] / carrier.drug_per_carrier_pg / there,
    )


def _schedule(minutes: ArrayLike, delivered_fraction: ArrayLike) -> tuple[Floats, Floats]:
    times = np.ravel(require_concentrations(minutes, "minutes"))
    if len(times) == 0 or bool((np.diff(times) <= 0).any()):
        raise InputError("the times do not rise", "minutes", "give rising minutes, at least one")
    fraction = require_concentrations(delivered_fraction, "delivered_fraction")
    if fraction.ndim and fraction.shape != times.shape:
        raise InputError(f"{len(times)} times and {fraction.size} fractions", "delivered_fraction", "give one, or one a time")
    fraction = np.broadcast_to(fraction, times.shape)
    if bool((fraction > 1).any()) or bool((np.diff(fraction) < 0).any()):
        raise InputError("a delivered fraction is above 1 or falls", "delivered_fraction", "what has arrived cannot leave")
    return times, fraction


def _grid(times: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return the steps from 0 to the last time, all asked-for times among them, and where these stand."""
    fine = times[-1] * np.linspace(0, 1, STEPS + 1) ** 3
    grid = np.union1d(fine, times)
    return grid, np.searchsorted(grid, times)


def _amounts(carrier: Carrier, cells: CellsDosed, grid: Floats, arrived: Floats, one: float) -> tuple[Floats, Floats]:
    """Return the amounts at the surface and inside, of the population."""
    rate, loss = carrier.uptake.per_min.value, carrier.uptake.lost_per_min.value
    limit = carrier.uptake.most_per_cell
    if limit is not None:
        return _limited(grid, arrived, rate, loss, limit.value * one * cells.count(grid))
    surface, inside = np.empty_like(grid), np.empty_like(grid)
    surface[0], inside[0] = arrived[0], 0.0
    for step, (width, more) in enumerate(zip(np.diff(grid), np.diff(arrived), strict=True)):
        kept, flow = math.exp(-rate * width), more / width
        surface[step + 1] = surface[step] * kept + flow * _mean_decay(rate, width)
        inside[step + 1] = (
            inside[step] * math.exp(-loss * width)
            + rate * (surface[step] * _passed(rate, loss, width))
            + flow * (_mean_decay(loss, width) - _passed(rate, loss, width))
        )
    return surface, inside


def _mean_decay(rate: float, width: float) -> float:
    """Return ``∫₀ʷ e^{−r s} ds``."""
    return width if rate * width < 1e-12 else -math.expm1(-rate * width) / rate


def _passed(rate: float, loss: float, width: float) -> float:
    """Return ``∫₀ʷ e^{−r s} e^{−l (w−s)} ds``."""
    slow, gap = min(rate, loss), abs(loss - rate)
    return math.exp(-slow * width) * _mean_decay(gap, width)


def _limited(grid: Floats, arrived: Floats, rate: float, loss: float, most: Floats) -> tuple[Floats, Floats]:
    """Integrate with a limit ``most`` (amount the population can hold at each time)."""
    surface, inside = np.empty_like(grid), np.empty_like(grid)
    state = np.array([arrived[0], 0.0])
    surface[0], inside[0] = state
    flow = np.diff(arrived) / np.diff(grid)

    def change(time: float, now: Floats) -> list[float]:
        step = min(int(np.searchsorted(grid, time, side="right")) - 1, len(flow) - 1)
        taken = rate * now[0] * max(0.0, 1 - now[1] / float(np.interp(time, grid, most)))
        return [flow[step] - taken, taken - loss * now[1]]

    scale = max(float(arrived[-1]), 1e-300)
    found = solve_ivp(
        change, (grid[0], grid[-1]), state, t_eval=grid, method="LSODA", rtol=1e-8, atol=1e-10 * scale, max_step=grid[-1] / 200
    )
    return found.y[0], found.y[1]


def _free(grid: Floats, released: Floats, inside: Floats, lost: float) -> Floats:
    """Return the free drug inside: each step adds the mean of what is inside times what was released in it."""
    free = np.zeros_like(grid)
    for step, width in enumerate(np.diff(grid)):
        more = 0.5 * (inside[step] + inside[step + 1]) * (released[step + 1] - released[step])
        free[step + 1] = free[step] * math.exp(-lost * width) + more * math.exp(-0.5 * lost * width)
    return free
