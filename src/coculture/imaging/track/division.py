r"""A mother's last detection and her two daughters.

That cell i divides into j and k stands against the explanation without it (i goes on as j, or ends; k, or both, come from
nowhere). The density of the daughters' positions is

.. math:: p_d\; \mathcal N_2\!\left(\tfrac{x_j + x_k}{2} - x_i;\, \sigma_m^2\right)
          \frac{\mathrm{LogNormal}(s;\, L, \tau)}{2\pi s}, \qquad s = |x_j - x_k|,

the midpoint stays near the mother, and the daughters lie about as far apart as the closest neighbours of the film do (they
touch). The rate :math:`p_d`, the distance L, its spread τ and :math:`\sigma_m` start from the film's neighbour distances and
steps and are updated from the divisions found, with the start counting as ten divisions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.track.consecutive import Consecutive, LinkModel, Pairs, find_pairs
from coculture.imaging.track.displacement import Ring
from coculture.imaging.track.features import daughter_of, same_cell
from coculture.imaging.track.film import Film

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_TOUCHING = 1.15
_SPREAD = 0.4
_RATE = 0.005
_PRIOR_RATE, _PRIOR_CELLS = 0.001, 200
_PRIOR_DIVISIONS = 10
_SINGLE_PER_PAIR = 0.3


@dataclass(frozen=True)
class DivisionLaw:
    """How cells of this film divide.

    Attributes
    ----------
    rate : chance that a cell has two daughters in the next frame.
    distance : median distance between sisters, µm.
    spread : standard deviation of its natural logarithm.
    midpoint : scale of the midpoint's shift from the mother along one axis, µm.
    sure_rate : the rate, less one standard error of the divisions found.
    """

    rate: float
    distance: float
    spread: float
    midpoint: float
    sure_rate: float = 0.0

    @property
    def ring(self) -> Ring:
        """Where one daughter is seen from the mother: half the sisters' distance, blurred by the midpoint's shift."""
        half = self.distance / 2
        return Ring(float(np.hypot(half, np.sqrt(2) * self.midpoint)), float(np.hypot(self.spread, 0.7 * self.midpoint / half)))

    @property
    def most_single(self) -> float:
        """Largest believable rate of divisions of which one daughter is seen."""
        return _SINGLE_PER_PAIR * self.sure_rate

    @property
    def reach(self) -> float:
        """Distance from the mother beyond which no daughter is looked for, µm."""
        return 2.5 * self.distance + 3 * self.midpoint

    def log_density(self, film: Film, mother: Integers, one: Integers, two: Integers) -> Floats:
        """Return the logarithm of rate and density of the daughters' positions."""
        shift = np.hypot((film.x[one] + film.x[two]) / 2 - film.x[mother], (film.y[one] + film.y[two]) / 2 - film.y[mother])
        apart = np.maximum(np.hypot(film.x[one] - film.x[two], film.y[one] - film.y[two]), 1e-9)
        middle = -0.5 * (shift / self.midpoint) ** 2 - np.log(2 * np.pi * self.midpoint**2)
        return np.asarray(np.log(self.rate) + middle + Ring(self.distance, self.spread).log_density(apart))


def first_law(closest: float, widest_step: float) -> DivisionLaw:
    """Return the law before any division was seen: ``closest`` neighbours' distance and the ``widest_step`` scale, µm."""
    return DivisionLaw(_RATE, _TOUCHING * closest, _SPREAD, widest_step)


def updated_law(film: Film, divisions: Integers, start: DivisionLaw) -> DivisionLaw:
    """Return the law learned from ``divisions`` (m, 3: mother, daughter, daughter) and the law one started from."""
    found = len(divisions)
    rate = (found + _PRIOR_RATE * _PRIOR_CELLS) / (len(film) + _PRIOR_CELLS)
    if not found:
        return DivisionLaw(rate, start.distance, start.spread, start.midpoint)
    mother, one, two = divisions.T
    apart = np.log(np.maximum(np.hypot(film.x[one] - film.x[two], film.y[one] - film.y[two]), 1e-9))
    shift = ((film.x[one] + film.x[two]) / 2 - film.x[mother]) ** 2 + ((film.y[one] + film.y[two]) / 2 - film.y[mother]) ** 2
    weight = found + _PRIOR_DIVISIONS
    centre = (float(apart.sum()) + _PRIOR_DIVISIONS * float(np.log(start.distance))) / weight
    spread = np.sqrt((float(((apart - centre) ** 2).sum()) + _PRIOR_DIVISIONS * start.spread**2) / weight)
    midpoint = np.sqrt((float(shift.sum()) / 2 + _PRIOR_DIVISIONS * start.midpoint**2) / weight)
    sure = (found - np.sqrt(found)) / len(film)
    return DivisionLaw(rate, float(np.exp(centre)), float(spread), float(midpoint), float(sure))


def of_linked_mothers(
    film: Film, model: LinkModel, law: DivisionLaw, births: float, links: Consecutive, expected: Floats
) -> tuple[Integers, Floats]:
    """Return divisions (m, 3) in which one daughter was linked to the mother and the other came from nowhere, and their gains."""
    here = np.column_stack((film.x, film.y))
    new = film.has_earlier & (links.earlier < 0)
    pairs = find_pairs(film, here, 1, law.reach, links.later >= 0, new)
    mother, two = pairs.first, pairs.second
    one = links.later[mother]
    stretch = film.stretch[film.frame[mother]]
    step = np.hypot(film.x[one] - expected[mother, 0], film.y[one] - expected[mother, 1]) / stretch
    goes_on = np.log(1 - model.rates.lost) + model.steps.log_density(step) - 2 * np.log(stretch) + np.log(births)
    before = film.features[mother]
    evidence = daughter_of(model.features, before, film.features[one]) + daughter_of(model.features, before, film.features[two])
    gain = law.log_density(film, mother, one, two) + evidence - goes_on
    gain -= same_cell(model.features, before, film.features[one])
    return np.column_stack((mother, one, two)), np.asarray(gain)


def of_ended_mothers(
    film: Film, model: LinkModel, law: DivisionLaw, births: float, gone: float, links: Consecutive
) -> tuple[Integers, Floats]:
    """Return divisions (m, 3) of cells whose track ended, into two detections that came from nowhere, and their gains."""
    here = np.column_stack((film.x, film.y))
    pairs = find_pairs(film, here, 1, law.reach, film.has_later & (links.later < 0), film.has_earlier & (links.earlier < 0))
    one, two = _couples(pairs)
    mother, sister, brother = pairs.first[one], pairs.second[one], pairs.second[two]
    before = film.features[mother]
    evidence = sum(daughter_of(model.features, before, film.features[child]) for child in (sister, brother))
    ends = np.log(model.rates.lost * gone) + 2 * np.log(births)
    gain = law.log_density(film, mother, sister, brother) + evidence - ends
    return np.column_stack((mother, sister, brother)), np.asarray(gain)


def _couples(pairs: Pairs) -> tuple[Integers, Integers]:
    """Return every two places of ``pairs`` that share their earlier row."""
    places = np.arange(len(pairs))
    ones, twos = [places[:0]], [places[:0]]
    offset = 1
    while offset < len(pairs):
        same = pairs.first[offset:] == pairs.first[:-offset]
        if not same.any():
            break
        ones.append(places[:-offset][same])
        twos.append(places[offset:][same])
        offset += 1
    return np.concatenate(ones), np.concatenate(twos)
