r"""Links between consecutive frames: the assignment of largest likelihood.

For detections i and j of consecutive frames, r apart, linking gains over leaving both alone

.. math:: g_{ij} = \ln\frac{(1 - p_\ell)\,f(r)}{p_\ell\,\lambda + p_s\,h(r)} + \text{features},

with f the law of steps, :math:`p_\ell` the chance that a cell has no detection in the next frame, :math:`\lambda` the density
of detections that no earlier one explains (per µm² and frame), and :math:`p_s h(r)` that j is the only daughter seen of a
division of i. The sum of gains over a pair of frames is made largest exactly. Distances are taken from where the cell is
expected: its position plus a fraction ``persistence`` of its last step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.track.displacement import Ring, StepLaw
from coculture.imaging.track.features import FeatureLaw, daughter_of, same_cell
from coculture.imaging.track.film import Film
from coculture.imaging.track.kernels import assign_frames, near_pairs

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_ROUNDS = 4


@dataclass(frozen=True, eq=False)
class Rates:
    """How often cells come and go.

    Attributes
    ----------
    lost : chance that a cell has no detection in the next frame.
    births : detections that no earlier one explains, per µm² and frame.
    area : area the cells are spread over, µm².
    """

    lost: float
    births: float
    area: float


@dataclass(frozen=True, eq=False)
class LinkModel:
    """Everything a link between consecutive frames is judged by.

    Attributes
    ----------
    steps : law of steps.
    features : laws of the features that tell cells apart.
    rates : how often cells come and go.
    ring : where daughters are; None before divisions were looked for.
    persistence : fraction of its last step a cell is expected to repeat.
    most_radius : no link is longer, µm.
    """

    steps: StepLaw
    features: tuple[FeatureLaw, ...]
    rates: Rates
    ring: Ring | None
    persistence: float
    most_radius: float

    def alone(self) -> float:
        """Return the logarithm of the density against which a link must stand."""
        return float(np.log(self.rates.lost) + np.log(self.rates.births))

    def radius(self) -> float:
        """Return the distance beyond which no link can gain, µm (features at their most favourable)."""
        bonus = sum(float(law.same(np.zeros(1))[0]) for law in self.features)
        bound = self.alone() - np.log(1 - self.rates.lost) - max(bonus, 0.0)
        return min(self.steps.reach(bound), self.most_radius)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of rows, earlier and later, with their distance in µm, sorted by the earlier row and then the later."""

    first: Integers
    second: Integers
    distance: Floats

    def __len__(self) -> int:
        return len(self.first)


def find_pairs(
    film: Film, expected: Floats, lag: int, radius: float, source: Flags | None = None, target: Flags | None = None
) -> Pairs:
    """Return the pairs ``lag`` frames apart and no further than ``radius`` times the frame's stretch.

    Parameters
    ----------
    film : the detections.
    expected : (n, 2) where each source will be, µm.
    lag : frames between the two, >= 1.
    radius : distance, µm.
    source, target : (n,) which rows may be the earlier and the later one; None: all.
    """
    everyone = np.ones(len(film), np.bool_)
    source = everyone if source is None else source
    target = everyone if target is None else target
    none, no_distance = np.empty(0, np.int64), np.empty(0)
    at_x, at_y = np.ascontiguousarray(expected[:, 0]), np.ascontiguousarray(expected[:, 1])
    search = (at_x, at_y, film.x, film.y, film.start, film.block, lag, radius * film.stretch, source, target)
    number = near_pairs(*search, none, none, no_distance)
    pairs = Pairs(np.empty(number, np.int64), np.empty(number, np.int64), np.empty(number))
    near_pairs(*search, pairs.first, pairs.second, pairs.distance)
    return pairs


def expected_positions(film: Film, earlier: Integers | None, persistence: float, lag: int = 1) -> Floats:
    """Return where each cell should be ``lag`` frames on: its position and the fading repetition of its last step, µm."""
    here = np.column_stack((film.x, film.y))
    if earlier is None or persistence == 0:
        return here
    known = earlier >= 0
    step = np.zeros_like(here)
    step[known] = here[known] - here[earlier[known]]
    return np.asarray(here + step * sum(persistence**k for k in range(1, lag + 1)))


def link_gains(film: Film, model: LinkModel, pairs: Pairs) -> Floats:
    """Return the gain of linking each pair over leaving both alone."""
    stretch = film.stretch[film.frame[pairs.first]]
    before, after = film.features[pairs.first], film.features[pairs.second]
    gain = np.log(1 - model.rates.lost) + model.steps.log_density(pairs.distance / stretch) - 2 * np.log(stretch)
    against = np.full(len(pairs), model.alone())
    if model.ring is not None and model.steps.daughters > 0:
        daughter = np.log(model.steps.daughters) + model.ring.log_density(pairs.distance / stretch) - 2 * np.log(stretch)
        against = np.logaddexp(against, daughter + daughter_of(model.features, before, after))
    return np.asarray(gain + same_cell(model.features, before, after) - against)


@dataclass(frozen=True, eq=False)
class Consecutive:
    """Links between consecutive frames.

    Attributes
    ----------
    later, earlier : (n,) row of the next and of the previous detection, -1 for none.
    gain : (n,) gain of the link to ``later``, 0 for none.
    rivals : (n,) sum of the odds exp(gain) of every other pair the two ends of that link could have formed.
    """

    later: Integers
    earlier: Integers
    gain: Floats
    rivals: Floats


def link_consecutive(film: Film, model: LinkModel, earlier: Integers | None = None) -> Consecutive:
    """Assign every pair of consecutive frames; ``earlier`` gives the last steps from a round before."""
    pairs = find_pairs(film, expected_positions(film, earlier, model.persistence), 1, model.radius())
    gain = link_gains(film, model, pairs)
    useful = gain > 0
    first, second, gain = pairs.first[useful], pairs.second[useful], gain[useful]
    edge = np.searchsorted(first, np.arange(len(film) + 1)).astype(np.int64)
    later, before = np.empty(len(film), np.int64), np.empty(len(film), np.int64)
    assign_frames(film.start, edge, second, gain, later, before)
    return _judged(len(film), first, second, gain, later, before)


def _judged(n: int, first: Integers, second: Integers, gain: Floats, later: Integers, earlier: Integers) -> Consecutive:
    odds = np.exp(np.minimum(gain, 500.0))
    taken = later[first] == second
    own, rivals = np.zeros(n), np.zeros(n)
    own[first[taken]] = gain[taken]
    from_here, to_there = np.bincount(first[~taken], odds[~taken], n), np.bincount(second[~taken], odds[~taken], n)
    linked = later >= 0
    rivals[linked] = from_here[linked] + to_there[later[linked]]
    return Consecutive(later, earlier, own, rivals)


def settle_rates(film: Film, model: LinkModel) -> tuple[LinkModel, Consecutive]:
    """Link and count who comes and goes, in turn, until both agree."""
    links = link_consecutive(film, model)
    could_go, could_come = film.has_later, film.has_earlier
    steps = max(int(np.count_nonzero(np.diff(film.block) == 0)), 1)
    for _ in range(_ROUNDS):
        gone = int(np.count_nonzero(could_go & (links.later < 0)))
        come = int(np.count_nonzero(could_come & (links.earlier < 0)))
        lost = (gone + 1) / (int(could_go.sum()) + 2)
        rates = replace(model.rates, lost=min(lost, 0.9), births=(come + 1) / steps / model.rates.area)
        if rates == model.rates:
            break
        model = replace(model, rates=rates)
        links = link_consecutive(film, model, links.earlier)
    return model, links
