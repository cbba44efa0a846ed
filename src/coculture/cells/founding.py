"""Found a population: where the first cells lie, and how far each has come in its cycle."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.growing import relax_volume
from coculture.cells.kernels.seeding import seed_apart
from coculture.cells.model import CellModel, CellType
from coculture.cells.population import Population, radius_of
from coculture.cells.steady_growth import SteadyGrowth, cycle_by_rates
from coculture.errors import InputError
from coculture.typed_file.complaints import did_you_mean

Floats = NDArray[np.float64]
Phases = Literal["steady", "first"]

_TRIES = 400
"""Candidates a cell before a region counts as full."""


class Region(Protocol):
    """Where cells may be sown."""

    def sample(self, generator: np.random.Generator, n: int) -> Floats:
        """Return (n, 3) places, uniform in the region, µm; z is 0 in two dimensions."""
        ...


@dataclass(frozen=True)
class Box:
    """A rectangle, or in three dimensions a box: from ``low`` to ``high``, µm."""

    low: tuple[float, ...]
    high: tuple[float, ...]

    def sample(self, generator: np.random.Generator, n: int) -> Floats:
        """Return uniform places."""
        places = np.zeros((n, 3))
        places[:, : len(self.low)] = generator.uniform(self.low, self.high, (n, len(self.low)))
        return places


@dataclass(frozen=True)
class Ball:
    """A disc (``centre`` of two numbers) or a ball (of three), µm."""

    centre: tuple[float, ...]
    radius: float

    def sample(self, generator: np.random.Generator, n: int) -> Floats:
        """Return uniform places."""
        dimensions = len(self.centre)
        direction = generator.standard_normal((n, dimensions))
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        places = np.zeros((n, 3))
        far = self.radius * generator.random((n, 1)) ** (1 / dimensions)
        places[:, :dimensions] = np.asarray(self.centre) + far * direction
        return places


def placed(
    model: CellModel, counts: Mapping[str, int], region: Region, key: int, *, phases: Phases = "steady", apart: float = 1.0
) -> Population:
    """Return cells sown at random, none nearer to another than it may be (random sequential addition, mixed types).

    Parameters
    ----------
    model : the culture's model.
    counts : number of cells of each type, by its name.
    region : where they may be.
    key : of the random numbers; the same key gives the same cells.
    phases : ``"steady"``: phases, ages and volumes as at steady growth of each type alone; ``"first"``: every cell at the start
        of its first phase, at rest volume.
    apart : least distance of two centres, in sums of their radii; 0 sows without regard to others.

    Raises
    ------
    InputError : if a type is unknown, a count negative, or the region too full for so many cells.
    """
    types = _types(model, counts)
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))
    generator.shuffle(types)
    cells = founders(model, np.zeros((len(types), 3)), types)
    if phases == "steady":
        begin_steady(model, cells, generator)
    cells.position[:] = _places(cells.radius, region, generator, apart)
    return cells


def founders(model: CellModel, position: Floats, types: NDArray[np.int64]) -> Population:
    """Return cells (n, 3) of some types (n,), at the start of their first phase and at their types' rest volumes."""
    volume = np.array([[one.volume.total_um3, one.volume.nuclear_um3, one.volume.fluid_fraction] for one in model.types])
    internal = np.array([[one.internal.get(name, 0.0) for name in model.internal] for one in model.types])
    rows = volume.reshape(-1, 3)[types]
    return Population.founders(position, types, rows[:, 0], rows[:, 1], rows[:, 2], internal.reshape(len(model.types), -1)[types])


def begin_steady(model: CellModel, cells: Population, generator: np.random.Generator) -> None:
    """Give cells the phases, ages and volumes of a population at steady growth, by each type's own cycle, free of rules.

    A cell in a phase of doubled target volume has grown from its rest volume since the doubling phase began. Types that do not
    grow begin their first phase.
    """
    for number, one in enumerate(model.types):
        rows = np.flatnonzero(cells.type == number)
        growth = _growth(one)
        if not rows.size or growth is None:
            continue
        fractions = growth.fractions
        cells.phase[rows] = generator.choice(len(fractions), size=len(rows), p=fractions)
        for place, phase in enumerate(cycle_by_rates(one).phases):
            here = rows[cells.phase[rows] == place]
            age = growth.ages(place, generator.random(len(here)))
            cells.phase_min[here] = age
            waiting = generator.standard_exponential(len(here))
            cells.remaining[here] = 1.0 - age / phase.mean_min if phase.fixed else waiting
            _grow(cells, here, one, _since_doubling(growth, one, place, age, generator))


def _growth(one: CellType) -> SteadyGrowth | None:
    """Return the steady growth of a type by its base rates, None where it has none."""
    cycle = cycle_by_rates(one)
    if sum(phase.divides for phase in cycle.phases) != 1 or any(math.isinf(phase.mean_min) for phase in cycle.phases):
        return None
    return SteadyGrowth.of(cycle)


def _since_doubling(
    growth: SteadyGrowth, one: CellType, place: int, age: Floats, generator: np.random.Generator
) -> Floats | None:
    """Return how long ago each cell of a phase began to double, None where it does not double."""
    since = age.copy()
    for earlier in reversed(growth.phases[: growth.phases.index(place) + 1]):
        if earlier != place:
            since += growth.lengths(earlier, generator.random(len(age)))
        if one.cycle.phases[earlier].doubles:
            return since
    return None


def _grow(cells: Population, rows: NDArray[np.int64], one: CellType, since: Floats | None) -> None:
    """Let cells grow from rest toward twice their volume for their own times, exactly."""
    if since is None:
        return
    volume, solid = one.volume, 1.0 - one.volume.fluid_fraction

    def each(value: float) -> Floats:
        return np.full(len(rows), value)

    fluid, nucleus, cytoplasm, nuclear = (
        array[rows] for array in (cells.fluid, cells.nuclear_solid, cells.cytoplasmic_solid, cells.nuclear)
    )
    relax_volume(
        since, fluid, nucleus, cytoplasm, nuclear,
        each(2 * volume.nuclear_um3 * solid), each(2 * (volume.total_um3 - volume.nuclear_um3) * solid),
        each(volume.fluid_fraction), each(volume.fluid_per_min),
        each(volume.nuclear_per_min), each(volume.cytoplasmic_per_min),
    )  # fmt: skip
    cells.fluid[rows], cells.nuclear_solid[rows], cells.cytoplasmic_solid[rows] = fluid, nucleus, cytoplasm
    cells.nuclear[rows] = nuclear
    cells.radius[rows] = radius_of(cells.volume[rows])


def _types(model: CellModel, counts: Mapping[str, int]) -> NDArray[np.int64]:
    """Return the type of each cell, in the order of the model's types."""
    for name, count in counts.items():
        if name not in model.type_names:
            remedy = f"{did_you_mean(name, model.type_names)}there is: {', '.join(model.type_names)}"
            raise InputError(f"unknown cell type '{name}'", "counts", remedy)
        if count < 0:
            raise InputError(f"{count} cells of '{name}'", "counts", "give 0 or more")
    return np.repeat(np.arange(len(model.types), dtype=np.int64), [counts.get(name, 0) for name in model.type_names])


def _places(radius: Floats, region: Region, generator: np.random.Generator, apart: float) -> Floats:
    n = len(radius)
    if apart <= 0 or n == 0:
        return region.sample(generator, n)
    order = np.argsort(-radius, kind="stable")  # the large ones first: they find room with difficulty
    sizes = np.ascontiguousarray(radius[order])
    centres, done, tried = np.zeros((n, 3)), 0, 0
    while done < n and tried < _TRIES * n:
        candidates = np.ascontiguousarray(region.sample(generator, max(2 * (n - done), 256)))
        done = int(seed_apart(candidates, sizes, apart, centres, done))
        tried += len(candidates)
    if done < n:
        raise InputError(
            f"only {done} of {n} cells find room at {apart:g} sums of radii apart",
            "counts",
            "sow fewer cells, in a larger region, or with a smaller 'apart'",
        )
    places = np.empty((n, 3))
    places[order] = centres
    return places
