"""The contact dynamics of one well as numbers for its row in the well table.

==================================================  ==============================================================================
``well_contacts_formation_per_h_<a>_<b>``           contacts that form per pair of cells apart and hour
``well_contacts_loss_per_h_<a>_<b>``                contacts that break per contact and hour
``well_contacts_dwell_median_min_<a>_<b>``          median dwell time, Kaplan-Meier
``well_contacts_dwell_mean_min_<a>_<b>``            mean dwell time up to ``horizon_min``; only where a horizon is given
``well_contacts_long_fraction_<a>_<b>``             fraction of contacts that last at least ``long_min``; only where one is given
``well_contacts_first_median_min_<a>_<b>``          median wait of a cell of type a for its first cell of type b
``well_contacts_swaps_per_cell_h``                  T1 transitions per cell and hour
``well_contacts_gained_per_cell_h_<a>``             new neighbours per cell of type a and hour
``well_killing_log2_hazard_ratio_<target>_<effector>``  log2 hazard ratio of death, touched against not yet touched
==================================================  ==============================================================================

In symmetric names a comes before b in the alphabet. What is not defined is left out, never 0.
"""

from __future__ import annotations

import math

import pandas as pd

from coculture.interactions.dynamics.dwell import dwell_times, long_contacts
from coculture.interactions.dynamics.episodes import ContactEpisodes, contact_episodes
from coculture.interactions.dynamics.first_contact import first_contact_times
from coculture.interactions.dynamics.killing import killing
from coculture.interactions.dynamics.rates import contact_rates
from coculture.interactions.dynamics.swaps import neighbour_swaps


def well_dynamics_numbers(
    cells: pd.DataFrame,
    contacts: pd.DataFrame,
    *,
    bridge_frames: int = 0,
    least_length_um: float = 0.0,
    horizon_min: float | None = None,
    long_min: float | None = None,
) -> dict[str, float]:
    """Return the contact dynamics of one well, all its sites together.

    Parameters
    ----------
    cells, contacts : the well's tables, tracked. Contacts of cells that are not in the cell table are left out.
    bridge_frames, least_length_um : what is a contact episode, see
        :func:`~coculture.interactions.dynamics.episodes.contact_episodes`.
    horizon_min, long_min : settings of the mean dwell time and of long contacts; None leaves these numbers out.

    Returns
    -------
    Numbers by name; without any cell seen in two frames in a row, none.

    Raises
    ------
    InputError, DataError : as the functions this calls.
    """
    episodes = contact_episodes(cells, contacts, bridge_frames=bridge_frames, least_length_um=least_length_um, unknown="drop")
    if not bool(episodes.timeline.next_in_run.any()):
        return {}
    numbers = (
        _rates(episodes) | _dwell(episodes, horizon_min, long_min) | _waits(episodes) | _swaps(episodes) | _killing(episodes)
    )
    return {name: value for name, value in numbers.items() if math.isfinite(value)}


def _rates(episodes: ContactEpisodes) -> dict[str, float]:
    table = contact_rates(episodes)
    return {
        f"well_contacts_{row.event}_per_h_{row.type_a}_{row.type_b}": float(row.rate_per_h)  # type: ignore[arg-type]
        for row in table[table["reason"] == ""].itertuples()
    }


def _dwell(episodes: ContactEpisodes, horizon_min: float | None, long_min: float | None) -> dict[str, float]:
    table = dwell_times(episodes, horizon_min=horizon_min)
    pairs = table["type_a"] + "_" + table["type_b"]
    numbers = dict(zip("well_contacts_dwell_median_min_" + pairs, table["median_min"], strict=True))
    if horizon_min is not None:
        numbers |= dict(zip("well_contacts_dwell_mean_min_" + pairs, table["mean_min"], strict=True))
    if long_min is not None:
        numbers |= dict(zip("well_contacts_long_fraction_" + pairs, long_contacts(episodes, long_min)["fraction"], strict=True))
    return {str(name): float(value) for name, value in numbers.items()}


def _waits(episodes: ContactEpisodes) -> dict[str, float]:
    found: dict[str, float] = {}
    for of in episodes.types:
        for toward in episodes.types:
            if of != toward:
                found[f"well_contacts_first_median_min_{of}_{toward}"] = (
                    first_contact_times(episodes.timeline, of, toward).curve.median().value
                )
    return found


def _swaps(episodes: ContactEpisodes) -> dict[str, float]:
    swaps = neighbour_swaps(episodes.timeline)
    each = zip("well_contacts_gained_per_cell_h_" + swaps.table["cell_type"], swaps.table["gained_per_cell_h"], strict=True)
    return {str(name): float(value) for name, value in each} | {"well_contacts_swaps_per_cell_h": swaps.t1.value}


def _killing(episodes: ContactEpisodes) -> dict[str, float]:
    found: dict[str, float] = {}
    for target in episodes.types:
        for effector in episodes.types:
            if target != effector:
                ratio = killing(episodes.timeline, target, effector).hazard_ratio
                if ratio.defined:
                    found[f"well_killing_log2_hazard_ratio_{target}_{effector}"] = math.log2(ratio.value)
    return found
