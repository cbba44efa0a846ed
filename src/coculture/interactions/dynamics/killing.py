"""Does contact kill? Death of target cells after contact with effector cells, against death without.

Every target is followed from its first sighting until it is seen dead or last seen. Between two sightings k and k' it is one
interval at risk, (t_k, t_k'], whose exposure is decided by contacts up to and at k: never by the frame at which it is found
dead, when a dying cell may have shrunk out of contact or been engulfed.

- Hazard ratio: Cox's model on the time of the assay with the exposure as a covariate that changes in time, Efron's ties, late
  entry of cells that appear later. Each well (or site) has a baseline hazard of its own unless ``strata="none"``, so that wells
  that differ in death as such do not pass for killing.
- Rate ratio: deaths per cell-hour exposed over unexposed, with an exact conditional interval; assumes that the rates do not
  change in time. It is defined where the other is not (all deaths on one side).

A cell that vanishes is censored, not dead: dead cells must be told by ``alive``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from coculture.errors import InputError
from coculture.interactions.dynamics.at_risk import steps_at_risk
from coculture.interactions.dynamics.cox import CoxFit, cox_regression
from coculture.interactions.dynamics.estimate import Estimate, rate_ratio
from coculture.interactions.dynamics.risk_sets import Ties
from coculture.interactions.dynamics.timeline import Integers, Reals, Timeline, type_code

Exposure = Literal["ever", "current", "recent"]
Strata = Literal["well", "site", "none"]


@dataclass(frozen=True, eq=False)
class Killing:
    """Death of targets with and without contact.

    Attributes
    ----------
    hazard_ratio : exposed over unexposed; ``se`` is of its logarithm.
    rate_ratio : of deaths per time, exact interval.
    deaths, cell_hours : exposed and unexposed.
    fit : the Cox model behind the hazard ratio.
    intervals : one row an interval at risk: ``plate, well, site, track_id, start_min, stop_min, exposed, died``.
    exposure : what counted as exposed, in words.
    """

    hazard_ratio: Estimate
    rate_ratio: Estimate
    deaths: tuple[int, int]
    cell_hours: tuple[float, float]
    fit: CoxFit
    intervals: pd.DataFrame
    exposure: str


def killing(
    timeline: Timeline,
    target: str,
    effector: str,
    *,
    exposure: Exposure = "ever",
    within_min: float | None = None,
    strata: Strata = "well",
    cluster: Literal["well", "site"] | None = None,
    ties: Ties = "efron",
    level: float = 0.95,
) -> Killing:
    """Compare the death of targets after contact with effectors with their death without.

    Parameters
    ----------
    timeline : cells and contacts; ``alive`` tells deaths.
    target, effector : types.
    exposure : ``"ever"`` (touched before, or now), ``"current"`` (touches now), ``"recent"`` (touched at most ``within_min``
        ago).
    within_min : for ``"recent"``, min.
    strata : whether each well or site has a baseline hazard of its own.
    cluster : standard errors robust to dependence within wells or sites; None: model-based, each target once.
    ties : ``"efron"`` or ``"breslow"``.
    level : of the intervals.

    Raises
    ------
    InputError : if no cell is of one of the types, a setting is unknown, or ``within_min`` is missing or not wanted.
    DataError : if clusters are asked for and there is only one.
    """
    words = _words(exposure, within_min)
    mine, theirs = type_code(timeline.types, target, "target"), type_code(timeline.types, effector, "effector")
    if strata not in ("well", "site", "none") or cluster not in (None, "well", "site"):
        raise InputError(f"strata '{strata}', cluster '{cluster}'", "strata", "use well or site, or none")
    steps = steps_at_risk(timeline)
    use = timeline.track_type[timeline.track[steps.sighting]] == mine
    sighting, start, stop, died = steps.sighting[use], steps.start_min[use], steps.stop_min[use], steps.died[use]
    age = _since_contact(timeline, theirs)[sighting]
    exposed = age <= {"ever": np.inf, "current": 0.0, "recent": within_min or 0.0}[exposure] + 1e-9
    exposed &= np.isfinite(age)
    intervals = _table(timeline, sighting).assign(start_min=start, stop_min=stop, exposed=exposed, died=died)
    places = {name: _groups(intervals, name) for name in ("well", "site")}
    fit = cox_regression(
        start, stop, died, exposed.astype(np.float64), names=("contact",), ties=ties,
        strata=None if strata == "none" else places[strata], clusters=None if cluster is None else places[cluster],
    )  # fmt: skip
    hours = (stop - start) / 60
    deaths = int(died[exposed].sum()), int(died[~exposed].sum())
    time = float(hours[exposed].sum()), float(hours[~exposed].sum())
    return Killing(
        fit.hazard_ratio("contact", level=level), rate_ratio(deaths, time, level=level), deaths, time, fit, intervals, words
    )


def _words(exposure: Exposure, within_min: float | None) -> str:
    said = {
        "ever": "touched an effector before or now",
        "current": "touches an effector now",
        "recent": "touched an effector within",
    }
    if exposure not in said:
        raise InputError(f"exposure '{exposure}'", "exposure", "use ever, current or recent")
    if (exposure == "recent") != (within_min is not None):
        raise InputError(
            f"exposure '{exposure}' with within_min {within_min}", "within_min", "give it with 'recent', and only then"
        )
    if within_min is not None and not within_min > 0:
        raise InputError(f"a window of {within_min} min", "within_min", "give a time > 0")
    return said[exposure] + (f" {within_min:g} min" if within_min is not None else "")


def _since_contact(timeline: Timeline, theirs: int) -> Reals:
    """Return the time since each sighting's track last touched a cell of the type, min; infinite where it never did."""
    touching = np.zeros(len(timeline.track), bool)
    for here, there in ((timeline.first, timeline.second), (timeline.second, timeline.first)):
        touching[here[timeline.track_type[timeline.track[there]] == theirs]] = True
    last = np.maximum.accumulate(np.where(touching, np.arange(len(touching)), -1)) if len(touching) else np.empty(0, np.int64)
    own = (last >= 0) & (timeline.track[np.maximum(last, 0)] == timeline.track)
    time = timeline.frame_time[timeline.frame]
    return np.where(own, time - time[np.maximum(last, 0)], np.inf) if len(time) else np.empty(0)


def _table(timeline: Timeline, sighting: Integers) -> pd.DataFrame:
    return timeline.tracks.drop(columns="cell_type").iloc[timeline.track[sighting]].reset_index(drop=True)


def _groups(table: pd.DataFrame, by: str) -> Integers:
    columns = ["plate", "well", "site"] if by == "site" else ["plate", "well"]
    return np.asarray(table.groupby(columns, sort=True).ngroup(), np.int64)
