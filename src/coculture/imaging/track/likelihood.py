"""The linker that learns how the cells of a film move, vanish and divide, and links by likelihood.

Rounds of: steps fitted, consecutive frames assigned, tracks joined over gaps and split at divisions, rates counted. Steps of
recognised daughters are left out of the next fit. Long films are learned from three stretches of about ten thousand detections
and linked whole with what those taught.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coculture.errors import DataError
from coculture.imaging.track.base import Links
from coculture.imaging.track.consecutive import (
    Consecutive,
    LinkModel,
    Rates,
    expected_positions,
    link_consecutive,
    settle_rates,
)
from coculture.imaging.track.displacement import StepLaw, fit_steps, single_law
from coculture.imaging.track.division import (
    DivisionLaw,
    first_law,
    of_ended_mothers,
    of_linked_mothers,
    updated_law,
)
from coculture.imaging.track.features import fit_features
from coculture.imaging.track.film import Film
from coculture.imaging.track.gaps import growth_of_steps, joins_over_gaps
from coculture.imaging.track.kernels import choose, nearest
from coculture.imaging.track.persistence import persistence_of
from coculture.imaging.track.settings import TrackSettings

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FEWEST_PAIRS = 20
_LEARNED_FROM = 30_000
_STRETCHES = 3
_STRANGER_HOPS = (7, 13)
_FIRST_LOST = 0.05
_EVENT_ROUNDS = (4, 2, 2)


@dataclass(frozen=True, eq=False)
class FilmModel:
    """What a film taught.

    Attributes
    ----------
    link : how consecutive frames are linked.
    division : how cells divide; None where divisions are not looked for.
    births : density of detections left unexplained, per µm² and frame.
    gone : chance that an ended track never comes back.
    growth : how much further cells move in g frames than in one.
    """

    link: LinkModel
    division: DivisionLaw | None
    births: float
    gone: float
    growth: Floats


@dataclass(frozen=True, eq=False)
class Events:
    """What explains the ends and beginnings: ``divisions`` (m, 3), ``joins`` (k, 2) and ``join_odds`` (k,), own and rivals'."""

    divisions: Integers
    joins: Integers
    join_probability: Floats


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Nearest neighbours: mutual pairs of consecutive frames, their distance, and distances within frames, all in µm."""

    first: Integers
    second: Integers
    distance: Floats
    within: Floats


def link_by_likelihood(film: Film, settings: TrackSettings) -> Links:
    """Link a film; see the module.

    Raises
    ------
    DataError : if there are too few detections to learn from and no search radius is given.
    """
    model = learn(film, settings)
    links = link_consecutive(film, model.link)
    if model.link.persistence:
        links = link_consecutive(film, model.link, links.earlier)
    return _joined(film, links, explain(film, model, links))


def learn(film: Film, settings: TrackSettings) -> FilmModel:
    """Return what the film teaches.

    Raises
    ------
    DataError : if there are too few detections to learn from and no search radius is given.
    """
    sample = film if len(film) <= _LEARNED_FROM else film.part(_sampled_frames(film))
    near = neighbours(sample)
    known = np.zeros(0, np.int64)
    division: DivisionLaw | None = None
    model, links = _first_links(sample, settings, near, known, None)
    model = replace(model, persistence=persistence_of(sample, links, settings.persistence))
    start = first_law(_closest(near, model.steps), model.steps.widest)
    whole = FilmModel(model, start if settings.divisions else None, 0.5 * model.rates.births, 0.5, np.ones(1))
    for number, rounds in enumerate(_EVENT_ROUNDS):
        if number or model.persistence:
            model, links = _first_links(sample, settings, near, known, whole.division if number else None, model.persistence)
        whole = replace(whole, link=model, growth=growth_of_steps(sample, links.later, settings.maximum_gap))
        for _ in range(rounds):
            events = explain(sample, whole, links)
            whole = _recounted(sample, whole, links, events, start)
        known = _daughter_codes(events.divisions, len(sample))
        division = whole.division
    return replace(whole, division=division)


def explain(film: Film, model: FilmModel, links: Consecutive) -> Events:
    """Choose, best first, the divisions and the joins over gaps that explain ends and beginnings."""
    none = np.empty((0, 3), np.int64), np.empty(0)
    linked, ended = none, none
    if model.division is not None:
        expected = expected_positions(film, links.earlier, model.link.persistence)
        linked = of_linked_mothers(film, model.link, model.division, model.births, links, expected)
        ended = of_ended_mothers(film, model.link, model.division, model.births, model.gone, links)
    joins, join_gain = joins_over_gaps(film, model.link, model.births, model.gone, (links.later, links.earlier), model.growth)
    kind = np.repeat([0, 1, 2], [len(linked[0]), len(ended[0]), len(joins)])
    mother = np.concatenate((linked[0][:, 0], ended[0][:, 0], joins[:, 0]))
    child = np.concatenate((linked[0][:, 2], ended[0][:, 2], joins[:, 1]))
    other = np.concatenate((linked[0][:, 1], ended[0][:, 1], np.full(len(joins), -1, np.int64)))
    gain = np.concatenate((linked[1], ended[1], join_gain))
    useful = np.flatnonzero(gain > 0)
    useful = useful[np.lexsort((child[useful], mother[useful], -gain[useful]))]
    chosen = np.zeros(len(useful), np.bool_)
    used = np.zeros(len(film), np.bool_), np.zeros(len(film), np.bool_)
    choose(mother[useful], child[useful], other[useful], *used, chosen)
    odds = np.exp(np.minimum(gain[useful], 500.0))
    rivals = (
        np.bincount(mother[useful], odds, len(film))[mother[useful]] + np.bincount(child[useful], odds, len(film))[child[useful]]
    )
    probability = odds / (1 + rivals - odds)
    divides, joins_up = chosen & (kind[useful] < 2), chosen & (kind[useful] == 2)
    picked = useful[divides]
    divisions = np.column_stack(
        (mother[picked], np.minimum(child[picked], other[picked]), np.maximum(child[picked], other[picked]))
    )
    picked = useful[joins_up]
    return Events(divisions, np.column_stack((mother[picked], child[picked])), probability[joins_up])


def neighbours(film: Film) -> Neighbours:
    """Find mutual nearest neighbours of consecutive frames, and nearest neighbours within frames."""
    n = len(film)
    ahead, behind, beside = (np.empty(n, np.int64) for _ in range(3))
    far, _, within = (np.empty(n) for _ in range(3))
    for lag, found, distance in ((1, ahead, far), (-1, behind, np.empty(n)), (0, beside, within)):
        nearest(film.x, film.y, film.x, film.y, film.start, film.block, lag, found, distance)
    rows = np.flatnonzero(ahead >= 0)
    rows = rows[behind[ahead[rows]] == rows]
    within = within[np.isfinite(within) & (within > 0)]
    if len(within):
        rows = rows[far[rows] < 2 * np.median(within)]
    return Neighbours(rows, ahead[rows], far[rows] / film.stretch[film.frame[rows]], within)


def _first_links(
    film: Film,
    settings: TrackSettings,
    near: Neighbours,
    daughters: Integers,
    division: DivisionLaw | None,
    persistence: float = 0.0,
) -> tuple[LinkModel, Consecutive]:
    """Fit steps and features to mutual neighbours that are no daughters, and settle the rates."""
    kept = ~np.isin(near.first * len(film) + near.second, daughters)
    ring = None if division is None else division.ring
    radius = settings.search_radius_um
    if np.count_nonzero(kept) >= FEWEST_PAIRS and len(near.within):
        steps = fit_steps(near.distance[kept], near.within, ring, 0.0 if division is None else division.most_single)
    elif radius is not None:
        steps = single_law(radius)
    else:
        raise DataError(
            f"{int(np.count_nonzero(kept))} pairs of detections in consecutive frames and {len(near.within)} neighbours within "
            "frames are too few to learn how cells move",
            "tracking",
            f"give search_radius_um, or at least {FEWEST_PAIRS} pairs and frames with two cells apart",
        )
    own = film.features[near.second[kept]] - film.features[near.first[kept]]
    features = fit_features(own, _stranger_changes(film), film.feature_names, settings.feature_weight)
    area = _covered_area(film, near, steps)
    per_frame = len(film) / max(film.frames, 1)
    rates = Rates(_FIRST_LOST, _FIRST_LOST * per_frame / area, area)
    model = LinkModel(steps, features, rates, ring, persistence, np.inf if radius is None else radius)
    return settle_rates(film, model)


def _covered_area(film: Film, near: Neighbours, steps: StepLaw) -> float:
    """Return the area of the box around all detections, widened by the usual neighbour distance, µm²."""
    margin = float(np.median(near.within)) if len(near.within) else 6 * steps.widest
    return float((np.ptp(film.x) + margin) * (np.ptp(film.y) + margin))


def _closest(near: Neighbours, steps: StepLaw) -> float:
    """Return how near the closest neighbours are (5 % quantile), µm."""
    return float(np.quantile(near.within, 0.05)) if len(near.within) else 6 * steps.widest


def _stranger_changes(film: Film) -> Floats:
    """Return changes of the features between detections of consecutive frames that are far apart in the row order."""
    changes = [np.empty((0, film.features.shape[1]))]
    counts = np.diff(film.start)
    rows = np.flatnonzero(film.has_later)
    place, following = rows - film.start[film.frame[rows]], film.frame[rows] + 1
    for hop in _STRANGER_HOPS:
        many = counts[following] >= 2
        partner = film.start[following] + (place + np.maximum(counts[following] // 2, 1) + hop) % counts[following]
        changes.append((film.features[partner] - film.features[rows])[many])
    return np.concatenate(changes)


def _daughter_codes(divisions: Integers, n: int) -> Integers:
    return np.concatenate((divisions[:, 0] * n + divisions[:, 1], divisions[:, 0] * n + divisions[:, 2]))


def _recounted(film: Film, model: FilmModel, links: Consecutive, events: Events, start: DivisionLaw) -> FilmModel:
    """Return the model with births, returns and divisions counted again."""
    begun = int(np.count_nonzero(film.has_earlier & (links.earlier < 0)))
    ended = int(np.count_nonzero(film.has_later & (links.later < 0)))
    of_ended = int(np.count_nonzero(links.later[events.divisions[:, 0]] < 0))
    unexplained = begun - len(events.divisions) - of_ended - len(events.joins)
    steps = max(int(np.count_nonzero(np.diff(film.block) == 0)), 1)
    return replace(
        model,
        births=(max(unexplained, 0) + 1) / steps / model.link.rates.area,
        gone=(max(ended - len(events.joins), 0) + 1) / (ended + 2),
        division=None if model.division is None else updated_law(film, events.divisions, start),
    )


def _joined(film: Film, links: Consecutive, events: Events) -> Links:
    later, mother = links.later.copy(), np.full(len(film), -1, np.int64)
    odds = np.exp(np.minimum(links.gain, 500.0))
    probability = np.where(later >= 0, odds / (1 + odds + links.rivals), 0.0)
    later[events.divisions[:, 0]] = -1
    probability[events.divisions[:, 0]] = 0.0
    mother[events.divisions[:, 1]] = events.divisions[:, 0]
    mother[events.divisions[:, 2]] = events.divisions[:, 0]
    later[events.joins[:, 0]] = events.joins[:, 1]
    probability[events.joins[:, 0]] = events.join_probability
    return Links(later, mother, probability)


def _sampled_frames(film: Film) -> NDArray[np.bool_]:
    """Choose stretches of consecutive frames, evenly along the film, that hold about the number to learn from."""
    counts = np.diff(film.start)
    each = max(int(film.frames * _LEARNED_FROM / counts.sum() / _STRETCHES), 2)
    wanted = np.zeros(film.frames, np.bool_)
    for begin in np.linspace(0, max(film.frames - each, 0), _STRETCHES).round().astype(int):
        wanted[begin : begin + each] = True
    return wanted
