"""How cells moved: their directions as roses, their mean squared displacement with a fitted random walk, type by type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from coculture.report.figures.displacement_curves import SHAPES, LagSeries, displacement_curves, shape_mark
from coculture.report.figures.rose import SECTORS, Directions, rose, sector_of
from coculture.report.language import say
from coculture.report.reading import Results
from coculture.report.sections.random_walk import FEWEST_TRACKS, Walk, walk_of
from coculture.report.sections.tracked import MOST_WELLS, TrackedGroup, fewest_points, types_in
from coculture.report.svg import element
from coculture.report.words.numbers import chance, count, fixed, real

if TYPE_CHECKING:
    from coculture.interactions.motion.tracks import Tracks

MOST_TYPES = 4

Held = tuple[str, TrackedGroup, "Tracks"]
"""Key of the colour of a treatment, the treatment, and its tracks of one type."""


@dataclass(frozen=True)
class RosePanel:
    """One treatment and type: its drawing, how many tracks it rests on, and the test of its directions, in words."""

    name: str
    drawing: Markup
    tracks: str
    test: str


@dataclass(frozen=True)
class TypeMotion:
    """One type of cells: a rose a treatment, and the curves of all treatments ('' where no curve can be drawn)."""

    name: str
    roses: tuple[RosePanel, ...]
    curves: Markup


@dataclass(frozen=True)
class MigrationSection:
    """What the template of migration may use.

    Attributes
    ----------
    key : mark and name of each treatment in the curves.
    walks : type of cells and what the fits say, in the order they are drawn.
    left_out : types that are not drawn.
    """

    types: tuple[TypeMotion, ...]
    key: tuple[tuple[Markup, str], ...]
    walks: tuple[tuple[str, Walk], ...]
    fewest_points: int
    most_wells: int
    left_out: tuple[str, ...]


def migration_section(results: Results, groups: tuple[TrackedGroup, ...]) -> MigrationSection | None:
    """Return the section; None where no cell was followed over time."""
    named = types_in(groups)
    rows = Counter(str(name) for group in groups for name in group.cells["cell_type"])
    chosen = sorted(sorted(named, key=lambda name: -rows[name])[:MOST_TYPES])
    keyed = list(zip(_keys(groups), groups, strict=True))
    types: list[TypeMotion] = []
    walks: list[tuple[str, Walk]] = []
    for name in chosen:
        held = [(key, group, tracks) for key, group in keyed if (tracks := group.tracks(name)).n_tracks]
        curves, own = _curves(results, held, name)
        types.append(TypeMotion(name, _roses(held, name), curves))
        walks += [(name, walk) for walk in own]
    if not any(motion.roses for motion in types):
        return None
    marks = tuple((_key_mark(key), group.group.name) for key, group in keyed)
    left_out = tuple(name for name in named if name not in chosen)
    return MigrationSection(tuple(types), marks, tuple(walks), fewest_points(results), MOST_WELLS, left_out)


def _roses(held: Sequence[Held], name: str) -> tuple[RosePanel, ...]:
    """Return a rose a treatment, the petals of all on one scale."""
    directed = [(group, *_directions(tracks)) for _, group, tracks in held]
    largest = max((share for _, directions, _ in directed for share in directions.shares), default=0.0)
    return tuple(_rose(group, directions, test, largest, name) for group, directions, test in directed if largest > 0)


def _curves(results: Results, held: Sequence[Held], name: str) -> tuple[Markup, list[Walk]]:
    """Return the drawing of the curves of one type, and what the fits say."""
    walks, series = [], []
    longest = real(results.section("motion").get("longest_lag_min"))
    for key, group, tracks in held:
        walk, points, fit = walk_of(group.group.name, tracks, results.confidence, longest)
        walks.append(walk)
        if points:
            series.append(LagSeries(key, points, fit))
    if not series:
        return Markup(""), walks
    spoken = say("; ").join(f"{walk.name}: {walk.spoken}" for walk in walks)
    return displacement_curves(series, title=say("Mean squared displacement, {name}", name=name), description=spoken), walks


def _directions(tracks: Tracks) -> tuple[Directions, str]:
    """Return the directions of the net displacements of the tracks, and Rayleigh's test of them in words."""
    from coculture.interactions.motion.direction.rayleigh import rayleigh_test_of_vectors
    from coculture.interactions.motion.path import displacements

    vectors = displacements(tracks)
    moved = np.hypot(*vectors.T) > 0
    angles = np.arctan2(vectors[moved, 1], vectors[moved, 0])
    n = len(angles)
    counted = np.bincount([sector_of(angle) for angle in angles], minlength=SECTORS)
    shares = [float(share) for share in counted / max(n, 1)]
    if n < FEWEST_TRACKS:
        return Directions(shares, n, None, 0.0), say("too few tracks to test")
    test = rayleigh_test_of_vectors(vectors[moved])
    wells = [] if tracks.keys["well"].nunique() < 2 and tracks.keys["plate"].nunique() < 2 else _by_well(tracks, vectors, moved)
    p = chance(test.p_value)
    said = f"R = {fixed(test.resultant, 2)}, p {p if p.startswith('<') else f'= {p}'}"
    return Directions(shares, n, test.mean_angle_rad, test.resultant, wells), said


def _by_well(tracks: Tracks, vectors: np.ndarray, moved: np.ndarray) -> list[float]:
    """Return the mean direction of each well that has tracks enough."""
    place = tracks.keys.groupby(["plate", "well"], sort=True).ngroup().to_numpy()
    unit = np.divide(vectors, np.hypot(*vectors.T)[:, None], out=np.zeros_like(vectors), where=moved[:, None])
    chosen = ((place == well) & moved for well in range(place.max() + 1))
    means = [unit[here].sum(axis=0) for here in chosen if here.sum() >= FEWEST_TRACKS]
    return [float(np.arctan2(y, x)) for x, y in means]


def _rose(group: TrackedGroup, directions: Directions, test: str, largest: float, name: str) -> RosePanel:
    tracks = f"{count(directions.n, 'track')}, {count(len(group.wells), 'well')}"
    title = say("Directions of {type}, {name}", type=name, name=group.group.name)
    drawing = rose(directions, largest, group.group.role, title=title, description=f"{tracks}; {test}")
    return RosePanel(group.group.name, drawing, tracks, test)


def _keys(groups: Sequence[TrackedGroup]) -> list[str]:
    """Return for each treatment the key of its colour and shape: the controls keep theirs."""
    free = [key for key in SHAPES if key not in ("negative", "positive")]
    keys: list[str] = []
    for group in groups:
        role = group.group.role
        own = role if role in SHAPES and role not in keys else next((key for key in free if key not in keys), free[-1])
        keys.append(own)
    return keys


def _key_mark(slot: str) -> Markup:
    mark = shape_mark(SHAPES[slot], 6, 6)
    return element("svg", mark, class_=f"key-mark lag-{slot}", width=12, height=12, viewBox="0 0 12 12", aria_hidden="true")
