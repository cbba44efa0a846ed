"""Episodes, rates, dwell times, first contacts, killing and swaps on movies small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import DataError, InputError
from coculture.interactions.dynamics.at_risk import steps_at_risk
from coculture.interactions.dynamics.dwell import dwell_curves, dwell_times, long_contacts
from coculture.interactions.dynamics.episodes import contact_episodes
from coculture.interactions.dynamics.first_contact import first_contact_times
from coculture.interactions.dynamics.killing import killing
from coculture.interactions.dynamics.rates import contact_rates
from coculture.interactions.dynamics.swaps import neighbour_swaps
from coculture.interactions.dynamics.timeline import Timeline
from coculture.interactions.dynamics.wells import well_dynamics_numbers
from coculture.plate.cell_table import empty_cell_table, empty_contact_table
from coculture.plate.columns import is_feature
from coculture.randomness import stream

STEP = 10.0


def movie(tracks, touching, *, well="A01", site=1, parents=None):
    """Make tables: ``tracks`` maps a name like 't1' to a string of frames ('x' alive, '+' dead, '.' not seen), a first letter t
    or e being the type; ``touching`` maps a pair to the frames it touches at."""
    number = {name: place + 1 for place, name in enumerate(tracks)}
    kind = {"t": "tumour", "e": "effector"}
    cells = [
        (100 * frame + number[name], number[name], (parents or {}).get(name, -1), kind[name[0]], state == "x", frame * STEP)
        for name, states in tracks.items()
        for frame, state in enumerate(states)
        if state != "."
    ]
    table = pd.DataFrame(cells, columns=["cell_id", "track_id", "parent_id", "cell_type", "alive", "t_min"])
    pairs = [
        (*sorted(100 * frame + number[name] for name in pair.split("-")), 2.0 + frame, frame * STEP)
        for pair, frames in touching.items()
        for frame in frames
    ]
    contacts = pd.DataFrame(pairs, columns=["cell_a", "cell_b", "contact_length_um", "t_min"])
    place = {"plate": "p", "well": well, "site": site}
    return table.assign(**place), contacts.assign(**place)


def rows(frame, *columns):
    return list(frame[list(columns)].itertuples(index=False, name=None))


def test_an_episode_seen_from_meeting_to_parting():
    table = contact_episodes(*movie({"t1": "xxxxxx", "e1": "xxxxxx"}, {"t1-e1": [2, 3]})).table
    assert rows(table, "type_a", "type_b", "track_a", "track_b") == [("effector", "tumour", 2, 1)]
    assert rows(table, "start", "end", "start_min", "end_min", "frames", "bridged_frames") == [("met", "parted", 20, 30, 2, 0)]
    assert rows(table, "dwell_min", "mean_length_um", "longest_um") == [(20, 4.5, 5)]


@pytest.mark.parametrize(
    ("tracks", "frames", "start", "end", "dwell"),
    [
        ({"t1": "xxxx", "e1": "xxxx"}, [0, 1], "first frame", "parted", 15),
        ({"t1": "xxxx", "e1": "xxxx"}, [2, 3], "met", "last frame", 15),
        ({"t1": "xxxx", "e1": "xxxx"}, [0, 1, 2, 3], "first frame", "last frame", 30),
        ({"t1": "xxx+", "e1": "xxxx"}, [1, 2], "met", "died", 15),
        ({"t1": "xx..", "e1": "xxxx"}, [1], "met", "lost", 5),
        ({"t1": ".xxx", "e1": "xxxx"}, [1], "lost", "parted", 5),
        ({"t1": "x.xx", "e1": "xxxx"}, [2], "lost", "parted", 5),
    ],
)
def test_why_an_episode_is_censored(tracks, frames, start, end, dwell):
    table = contact_episodes(*movie(tracks, {"t1-e1": frames})).table
    assert rows(table, "start", "end", "dwell_min") == [(start, end, dwell)]
    assert rows(table, "start_seen", "end_seen") == [(start == "met", end == "parted")]


def test_births_and_divisions_censor():
    tracks = {"t1": "xx..", "t2": "..xx", "t3": "..xx", "e1": "xxxx"}
    cells, contacts = movie(tracks, {"t1-e1": [1], "t2-e1": [2]}, parents={"t2": 1, "t3": 1})
    assert rows(contact_episodes(cells, contacts).table, "start", "end") == [("met", "divided"), ("born", "parted")]


def test_gaps_are_bridged_only_as_far_as_said():
    cells, contacts = movie({"t1": "xxxxxxxxxx", "e1": "xxxxxxxxxx"}, {"t1-e1": [2, 4, 7]})
    assert contact_episodes(cells, contacts).table["frames"].tolist() == [1, 1, 1]
    once = contact_episodes(cells, contacts, bridge_frames=1).table
    assert rows(once, "frames", "bridged_frames", "dwell_min") == [(2, 1, 30), (1, 0, 10)]
    twice = contact_episodes(cells, contacts, bridge_frames=2).table
    assert rows(twice, "frames", "bridged_frames", "start", "end") == [(3, 3, "first frame", "last frame")]


def test_an_end_that_could_still_be_bridged_is_not_seen():
    """Touching until frame 4 of 6 frames: with one frame of bridging the last frame cannot tell, and 4 is not known to end."""
    cells, contacts = movie({"t1": "xxxxxx", "e1": "xxxxxx"}, {"t1-e1": [2, 3, 4]})
    assert contact_episodes(cells, contacts).table["end"].tolist() == ["parted"]
    table = contact_episodes(cells, contacts, bridge_frames=1).table
    assert rows(table, "end", "dwell_min") == [("last frame", 25)]


def test_bridging_reaches_over_a_frame_in_which_a_cell_was_not_tracked():
    cells, contacts = movie({"t1": "xx.xxx", "e1": "xxxxxx"}, {"t1-e1": [1, 3]})
    assert len(contact_episodes(cells, contacts).table) == 2
    assert rows(contact_episodes(cells, contacts, bridge_frames=1).table, "frames", "bridged_frames") == [(2, 1)]


def test_thin_contacts_and_dead_cells_are_left_out_and_counted():
    cells, contacts = movie({"t1": "xx++", "e1": "xxxx"}, {"t1-e1": [0, 1, 2, 3]})
    found = contact_episodes(cells, contacts, least_length_um=2.5)
    assert rows(found.table, "frames", "end") == [(1, "died")]
    assert found.notes == (
        "2 contacts with a dead cell were left out",
        "1 contacts were shorter than the least length and were left out",
    )


def test_unknown_cells_are_refused_or_counted():
    cells, contacts = movie({"t1": "xx", "e1": "xx"}, {"t1-e1": [0, 1]})
    stray = contacts.assign(cell_b=999)
    with pytest.raises(DataError, match="2 contacts are of cells that are not in the cell table"):
        contact_episodes(cells, stray)
    assert contact_episodes(cells, stray, unknown="drop").notes == (
        "2 contacts of cells that are not in the cell table were left out",
    )
    late = contacts.assign(t_min=contacts["t_min"] + 3)
    assert len(contact_episodes(cells, late, unknown="drop").table) == 0


def test_cell_ids_may_be_of_any_size():
    cells, contacts = movie({"t1": "xxx", "e1": "xxx"}, {"t1-e1": [1]})
    far = 2**61
    large = contacts.assign(cell_a=contacts["cell_a"] + far, cell_b=contacts["cell_b"] + far)
    found = contact_episodes(cells.assign(cell_id=cells["cell_id"] + far), large).table
    pd.testing.assert_frame_equal(found, contact_episodes(cells, contacts).table)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda c, k: (c.drop(columns="alive"), k), InputError, "the cell table lacks alive"),
        (lambda c, k: (c, k.drop(columns="cell_a")), InputError, "the contact table lacks cell_a"),
        (lambda c, k: (c.assign(t_min=np.nan), k), InputError, "t_min is not a finite number in every row"),
        (lambda c, k: (c, k.assign(contact_length_um=-1.0)), InputError, "contact_length_um is not a finite number >= 0"),
        (lambda c, k: (c.assign(cell_type=None), k), InputError, "4 rows have no cell_type"),
        (lambda c, k: (c.assign(cell_id=1), k), DataError, "a cell_id stands twice at one site and time"),
        (lambda c, k: (c.assign(track_id=1), k), DataError, "a track_id stands twice at one site and time"),
        (lambda c, k: (c, k.assign(cell_b=k["cell_a"])), DataError, "a contact joins a cell to itself"),
    ],
)
def test_tables_that_cannot_be_used(change, error, words):
    with pytest.raises(error, match=words):
        contact_episodes(*change(*movie({"t1": "xx", "e1": "xx"}, {"t1-e1": [0]})))


def test_settings_that_cannot_be_used():
    tables = movie({"t1": "xx", "e1": "xx"}, {"t1-e1": [0]})
    with pytest.raises(InputError, match="-1 frames to bridge"):
        contact_episodes(*tables, bridge_frames=-1)
    with pytest.raises(InputError, match=r"a least length of -1\.0"):
        contact_episodes(*tables, least_length_um=-1.0)


def test_rates_count_events_over_time_at_risk():
    cells, contacts = movie({"t1": "xxxxxx", "t2": "xxx...", "e1": "xxxxxx"}, {"t1-e1": [1, 2, 4]})
    table = contact_rates(contact_episodes(cells, contacts)).set_index(["type_a", "type_b", "event"])
    formation, loss = (table.loc[("effector", "tumour", kind)] for kind in ("formation", "loss"))
    # steps: t1-e1 apart at 0 and 3, together at 1, 2, 4; t2-e1 apart at 0 and 1
    assert (formation["events"], formation["trials"], loss["events"], loss["trials"]) == (2, 4, 2, 3)
    assert formation["rate_per_h"] == pytest.approx(2 / (4 * STEP / 60))
    assert loss["rate_per_h"] == pytest.approx(2 / (3 * STEP / 60))
    assert loss["low_per_h"] < loss["rate_per_h"] < loss["high_per_h"]
    assert formation["per_cell_a_per_h"] == pytest.approx(2 / (5 * STEP / 60))
    assert formation["continuous_reason"] == "contacts change too fast for this frame interval"
    among = table.loc[("tumour", "tumour", "formation")]
    assert (among["events"], among["trials"], among["rate_per_h"]) == (0, 2, 0)
    assert table.loc[("tumour", "tumour", "loss"), "reason"] == "no contact was seen for two frames' time"
    assert table.loc[("effector", "effector", "formation"), "reason"] == "no two cells of these types were seen apart"


def naive_trials(cells, contacts, bridge):
    """Count steps at risk of meeting and parting pair by pair, straight from the definition."""
    episodes = contact_episodes(cells, contacts, bridge_frames=bridge)
    line, found = episodes.timeline, {"formation": 0, "loss": 0}
    seen = set(zip(line.track.tolist(), line.frame.tolist(), strict=True))
    spans = list(
        zip(*(getattr(episodes, name).tolist() for name in ("track_a", "track_b", "first_frame", "last_frame")), strict=True)
    )
    for a in range(len(line.tracks)):
        for b in range(a):
            own = [(first, last) for one, other, first, last in spans if {one, other} == {a, b}]
            for k in range(len(line.frame_time)):
                there = {f for f in range(k - bridge, k + bridge + 2) if (a, f) in seen and (b, f) in seen}
                if any(first <= k <= last for first, last in own):
                    found["loss"] += set(range(k, k + bridge + 2)) <= there
                elif not any(last < k <= last + bridge for _, last in own):
                    found["formation"] += set(range(k - bridge, k + 2)) <= there
    return found


@pytest.mark.parametrize("bridge", [0, 1, 2])
def test_trials_equal_a_count_pair_by_pair(bridge):
    rng = stream(3, "trials")
    tracks = {f"{'te'[k % 2]}{k}": "".join(rng.choice(list("xxxxxxx."), 14)) for k in range(6)}
    names = list(tracks)
    touching = {
        f"{a}-{b}": [f for f in range(14) if rng.random() < 0.4 and tracks[a][f] == tracks[b][f] == "x"]
        for place, a in enumerate(names)
        for b in names[:place]
    }
    cells, contacts = movie(tracks, touching)
    table = contact_rates(contact_episodes(cells, contacts, bridge_frames=bridge))
    assert table.groupby("event")["trials"].sum().to_dict() == naive_trials(cells, contacts, bridge)


def test_continuous_rates_say_when_they_do_not_exist():
    tables = movie({"t1": "xxxx", "e1": "xxxx"}, {"t1-e1": [2, 3]})
    smooth = contact_rates(contact_episodes(*tables)).set_index(["type_a", "type_b", "event"])["continuous_per_h"]
    assert smooth["effector", "tumour", "formation"] == pytest.approx(-np.log(0.5) / STEP * 60)
    assert smooth["effector", "tumour", "loss"] == 0
    bridged = contact_rates(contact_episodes(*tables, bridge_frames=1))
    assert set(bridged["continuous_reason"]) == {"gaps were bridged"}
    uneven = [table.assign(t_min=table["t_min"] ** 1.2) for table in tables]
    assert set(contact_rates(contact_episodes(*uneven))["continuous_reason"]) == {"the frames are not evenly spaced"}
    still = movie({"t1": "xxxx", "e1": "xxxx"}, {})
    assert set(contact_rates(contact_episodes(*still))["continuous_reason"]) == {"pairs were not seen both together and apart"}


def many_dwells():
    """Five pairs that meet at frame 1 and hold for 1, 2, 2, 3 frames and to the end; one more is there from the start."""
    tracks = {f"{kind}{k}": "xxxxxx" for k in range(6) for kind in "te"}
    held = {0: [1], 1: [1, 2], 2: [1, 2], 3: [1, 2, 3], 4: [1, 2, 3, 4, 5], 5: [0, 1]}
    return contact_episodes(*movie(tracks, {f"t{k}-e{k}": frames for k, frames in held.items()}))


def test_dwell_times_leave_out_what_began_unseen():
    row = dwell_times(many_dwells(), horizon_min=40).iloc[1]
    assert (row["type_a"], row["type_b"], row["episodes"], row["ended"], row["left_out"]) == ("effector", "tumour", 5, 4, 1)
    assert row["median_min"] == 20
    assert row["mean_min"] == pytest.approx((10 + 20 + 20 + 30 + 40) / 5)
    assert row["horizon_min"] == 40
    curve = dwell_curves(many_dwells())["effector", "tumour"]
    np.testing.assert_allclose(curve.survival, [0.8, 0.4, 0.2])
    assert dwell_times(many_dwells()).loc[1, "horizon_min"] == 45


def test_dwell_times_that_cannot_be_had():
    table = dwell_times(many_dwells())
    assert table.loc[0, "median_reason"] == table.loc[0, "mean_reason"] == "no duration"
    brief = contact_episodes(*movie({"t1": "xx", "e1": "xx"}, {"t1-e1": [1]}), bridge_frames=0)
    assert dwell_times(brief).loc[1, "median_reason"] == "fewer than half had ended when observation stopped"
    bridged = contact_episodes(*movie({"t1": "xxx", "e1": "xxx"}, {"t1-e1": [2]}), bridge_frames=1)
    assert bridged.table["dwell_min"].tolist() == [5.0]
    with pytest.raises(InputError, match="a horizon of 0"):
        dwell_times(many_dwells(), horizon_min=0)


def test_long_contacts():
    row = long_contacts(many_dwells(), 30).iloc[1]
    assert row["long"] == 2
    assert row["fraction"] == pytest.approx(0.4)
    assert rows(long_contacts(many_dwells(), 30), "cells_a", "cells_a_long")[1] == (6, 2)
    with pytest.raises(InputError, match="a threshold of 0 min"):
        long_contacts(many_dwells(), 0)


def test_first_contacts():
    tracks = {"t1": "xxxx", "t2": "xxxx", "t3": "xx..", "t4": "xxxx", "t5": "...x", "e1": "xxxx"}
    cells, contacts = movie(tracks, {"t1-e1": [2, 3], "t2-e1": [0, 3], "t4-t1": [1]})
    found = first_contact_times(Timeline.of(cells, contacts), "tumour", "effector")
    assert rows(found.table, "wait_min", "met", "used") == [
        (15, True, True), (0, True, False), (10, False, True), (30, False, True), (0, False, False)
    ]  # fmt: skip
    assert (found.already, found.once) == (1, 1)
    assert found.curve.at(15).value == pytest.approx(0.5)
    with pytest.raises(InputError, match="no cell is of type 'macrophage'"):
        first_contact_times(Timeline.of(cells, contacts), "tumour", "macrophage")


def test_killing_counts_deaths_by_what_came_before():
    tracks = {"t1": "xxx++", "t2": "xxxx+", "t3": "xxxxx", "t4": "xxxxx", "t5": "xx...", "e1": "xxxxx"}
    cells, contacts = movie(tracks, {"t1-e1": [1], "t2-e1": [4], "t3-e1": [2, 3]})
    line = Timeline.of(cells, contacts)
    ever = killing(line, "tumour", "effector")
    assert ever.deaths == (1, 1)
    # exposed steps: t1 from frames 1, 2; t3 from 2, 3. All steps: 3 + 4 + 4 + 4 + 1
    np.testing.assert_allclose(ever.cell_hours, (4 * STEP / 60, 12 * STEP / 60))
    assert ever.rate_ratio.value == pytest.approx(3.0)
    assert ever.hazard_ratio.defined
    now = killing(line, "tumour", "effector", exposure="current")
    assert now.deaths == (0, 2)
    assert now.hazard_ratio.reason == "the likelihood has no maximum: all events on one side of a covariate"
    assert killing(line, "tumour", "effector", exposure="recent", within_min=10).deaths == (1, 1)
    assert ever.intervals["exposed"].sum() == 4
    assert ever.exposure == "touched an effector before or now"
    assert "contacts with a dead cell" in " ".join(line.notes)


def test_killing_does_not_look_at_the_frame_of_death():
    """A target that is touched only in the frame in which it is dead died without contact."""
    cells, contacts = movie({"t1": "xx+", "t2": "xxx", "e1": "xxx"}, {"t1-e1": [2], "t2-e1": [0]})
    assert killing(Timeline.of(cells, contacts), "tumour", "effector").deaths == (0, 1)


def test_no_death_no_hazard_ratio():
    cells, contacts = movie({"t1": "xxx", "t2": "xxx", "e1": "xxx"}, {"t1-e1": [1]})
    found = killing(Timeline.of(cells, contacts), "tumour", "effector")
    assert found.hazard_ratio.reason == "no event"
    assert found.rate_ratio.reason == "no event in either group"


def test_killing_settings():
    cells, contacts = movie({"t1": "xx+", "t2": "xxx", "t3": "x+.", "e1": "xxx"}, {"t1-e1": [0]})
    line = Timeline.of(cells, contacts)
    for change, words in [
        ({"exposure": "never"}, "exposure 'never'"),
        ({"exposure": "recent"}, "exposure 'recent' with within_min None"),
        ({"exposure": "ever", "within_min": 5.0}, "exposure 'ever' with within_min"),
        ({"exposure": "recent", "within_min": 0.0}, "a window of 0.0 min"),
        ({"strata": "plate"}, "strata 'plate'"),
        ({"cluster": "plate"}, "cluster 'plate'"),
        ({"target": "macrophage"}, "no cell is of type 'macrophage'"),
    ]:
        with pytest.raises(InputError, match=words):
            killing(line, **({"target": "tumour", "effector": "effector"} | change))
    with pytest.raises(DataError, match="one cluster only"):
        killing(line, "tumour", "effector", cluster="well")
    assert killing(line, "tumour", "effector", strata="none").fit.method == "Cox, Efron ties"


def test_steps_end_in_death_division_or_another_sighting():
    tracks = {"t1": "xx..", "t2": "..xx", "t3": "..xx", "t4": "x.x+", "t5": "xxx.", "e1": "xxxx"}
    cells, contacts = movie(tracks, {}, parents={"t2": 1, "t3": 1})
    line = Timeline.of(cells, contacts)
    steps = steps_at_risk(line)
    names = [list(tracks)[track] for track in line.track[steps.sighting]]
    assert [name for name, end in zip(names, steps.divided, strict=True) if end] == ["t1"]
    assert [name for name, end in zip(names, steps.died, strict=True) if end] == ["t4"]
    assert names.count("t5") == 2
    assert (steps.stop_min - steps.start_min).max() == 2 * STEP


def test_a_t1_transition_is_counted_once():
    stay = {f"{a}-{b}": [0, 1, 2] for a in ("t1", "t2") for b in ("e1", "e2")}
    cells, contacts = movie({name: "xxx" for name in ("t1", "t2", "e1", "e2")}, stay | {"t1-t2": [0], "e1-e2": [1, 2]})
    swaps = neighbour_swaps(Timeline.of(cells, contacts))
    assert swaps.t1.events == 1
    assert swaps.t1.value == pytest.approx(1 / (8 * STEP / 60))
    assert rows(swaps.table, "cell_type", "gained", "lost") == [("effector", 2, 0), ("tumour", 0, 2)]
    assert swaps.table.loc[0, "gained_per_cell_h"] == pytest.approx(2 / (4 * STEP / 60))


def test_an_exchange_without_common_neighbours_is_no_t1():
    cells, contacts = movie({name: "xx" for name in ("t1", "t2", "e1", "e2")}, {"t1-t2": [0], "e1-e2": [1], "t1-e1": [0, 1]})
    swaps = neighbour_swaps(Timeline.of(cells, contacts))
    assert swaps.t1.events == 0
    once = Timeline.of(*movie({"t1": "x", "e1": "x"}, {}))
    assert neighbour_swaps(once).table["reason"].tolist() == ["no cell was seen twice in a row"] * 2
    assert neighbour_swaps(once).t1.reason == "no time at risk"


def test_well_numbers_follow_the_grammar_and_leave_out_what_is_not_defined():
    tracks = {"t1": "xxx++", "t2": "xxxx+", "t3": "xxxxx", "e1": "xxxxx"}
    cells, contacts = movie(tracks, {"t1-e1": [1], "t2-e1": [3], "t3-e1": [2, 3]})
    numbers = well_dynamics_numbers(cells, contacts, horizon_min=15, long_min=15)
    assert all(is_feature(name) and np.isfinite(value) for name, value in numbers.items())
    assert numbers["well_contacts_dwell_median_min_effector_tumour"] == 15
    assert numbers["well_contacts_long_fraction_effector_tumour"] == pytest.approx(0.5)
    assert "well_contacts_formation_per_h_effector_effector" not in numbers
    assert numbers["well_contacts_swaps_per_cell_h"] == 0
    assert "well_contacts_dwell_mean_min_effector_tumour" in numbers


def test_nothing_tracked_gives_no_numbers():
    assert well_dynamics_numbers(*movie({"t1": "x", "e1": "x"}, {"t1-e1": [0]})) == {}
    assert well_dynamics_numbers(empty_cell_table(), empty_contact_table()) == {}
    nothing = contact_episodes(empty_cell_table(), empty_contact_table())
    assert len(nothing.table) == len(dwell_times(nothing)) == len(contact_rates(nothing)) == len(long_contacts(nothing, 5)) == 0


def test_a_hundred_thousand_contacts_take_less_than_a_second():
    frames, cells_a_frame, contacts_a_frame = 100, 1000, 1000
    rng = stream(1, "speed")
    ids = np.tile(np.arange(cells_a_frame), frames)
    time_min = np.repeat(np.arange(frames) * 5.0, cells_a_frame)
    place = {"plate": "p", "well": "A01", "site": 1}
    cells = pd.DataFrame({"t_min": time_min, "cell_id": ids, "track_id": ids, "parent_id": -1, "alive": True})
    cells = cells.assign(cell_type=np.where(ids % 2, "effector", "tumour"), **place)
    first = rng.integers(0, cells_a_frame - 1, contacts_a_frame)
    contacts = pd.DataFrame({"cell_a": np.tile(first, frames), "cell_b": np.tile(first + 1, frames), "t_min": time_min})
    contacts = contacts.assign(contact_length_um=5.0, **place)[rng.random(frames * contacts_a_frame) < 0.9]
    contacts = contacts.drop_duplicates(["t_min", "cell_a"])
    contacts = pd.concat([contacts, contacts.assign(cell_b=contacts["cell_a"] + 7).query("cell_b < 1000")])
    assert len(contacts) > 1e5
    episodes = contact_episodes(cells, contacts)
    assert len(episodes.table) > 0
    assert len(contact_rates(episodes)) > 0
    assert len(dwell_times(episodes)) > 0
