"""Linking: known films come back, laws of symmetry hold, and every complaint says what to do."""

import numpy as np
import pandas as pd
import pytest
from tests.cases.films import same_partition, wandering

from coculture.errors import DataError, InputError
from coculture.imaging.track import likelihood
from coculture.imaging.track.film import film_of
from coculture.imaging.track.lineage import track_table
from coculture.imaging.track.linking import link, track_cells
from coculture.imaging.track.settings import TrackSettings
from coculture.plate.cell_table import validate_cell_table


@pytest.fixture(scope="module")
def film() -> pd.DataFrame:
    return wandering(unseen=0.02)


@pytest.fixture(scope="module")
def linked(film: pd.DataFrame) -> pd.DataFrame:
    return link(film)


def test_wandering_cells_are_followed_through_gaps(linked: pd.DataFrame) -> None:
    assert same_partition(linked["track_id"], linked["true_track"])
    assert (linked["parent_id"] == -1).all()
    assert linked["track_quality"].between(0.5, 1).all()


def test_without_gap_closing_a_track_ends_where_its_cell_is_not_seen(film: pd.DataFrame) -> None:
    plain = link(film, TrackSettings(maximum_gap=1))
    frame = (plain["t_min"] / 5).astype(int)
    span = frame.groupby(plain["track_id"]).agg(["min", "max", "size"])
    assert (span["max"] - span["min"] + 1 == span["size"]).all()
    assert plain["track_id"].nunique() > film["true_track"].nunique()


def test_no_gap_is_longer_than_allowed(film: pd.DataFrame) -> None:
    hidden = film[~((film["true_track"] == 5) & film["t_min"].between(25, 40))]
    for most, joined in ((4, False), (5, True)):
        tracked = link(hidden, TrackSettings(maximum_gap=most))
        assert (tracked.loc[tracked["true_track"] == 5, "track_id"].nunique() == 1) is joined


def test_order_of_rows_does_not_matter(film: pd.DataFrame, linked: pd.DataFrame) -> None:
    shuffled = link(film.sample(frac=1.0, random_state=3))
    pd.testing.assert_frame_equal(shuffled.sort_index(), linked)


@pytest.mark.parametrize(("factor", "shift", "delay"), [(1.0, 1000.0, 0.0), (0.25, 0.0, 720.0), (4.0, -50.0, 0.0)])
def test_place_scale_and_hour_do_not_matter(film: pd.DataFrame, linked: pd.DataFrame, factor, shift, delay) -> None:
    moved = film.assign(x_um=film["x_um"] * factor + shift, y_um=film["y_um"] * factor - shift, t_min=film["t_min"] + delay)
    moved["area_um2"] *= factor**2
    assert same_partition(link(moved)["track_id"], linked["track_id"])


def test_a_mirror_does_not_matter(film: pd.DataFrame, linked: pd.DataFrame) -> None:
    turned = film.assign(x_um=film["y_um"], y_um=-film["x_um"])
    assert same_partition(link(turned)["track_id"], linked["track_id"])


def test_divisions_get_a_parent() -> None:
    film = wandering(dividing=((6, 9), (9, 25), (12, 33), (14, 44)))
    tracked = link(film)
    assert same_partition(tracked["track_id"], tracked["true_track"])
    number = tracked.groupby("true_track")["track_id"].first()
    daughters = tracked[tracked["true_parent"] > 0].groupby("true_track")[["true_parent", "parent_id"]].first()
    assert len(daughters) == 8
    assert (daughters["parent_id"] == daughters["true_parent"].map(number)).all()
    assert (tracked.loc[tracked["true_parent"] < 0, "parent_id"] == -1).all()
    table = track_table(tracked)
    assert table["n_daughters"].sum() == 8
    assert set(table["n_daughters"]) == {0, 2}


def test_no_parents_where_divisions_are_not_looked_for() -> None:
    tracked = link(wandering(dividing=((6, 9), (9, 25), (12, 33))), TrackSettings(divisions=False))
    assert (tracked["parent_id"] == -1).all()


def test_a_jumping_stage_is_taken_out() -> None:
    film = wandering(frames=12)
    jump = np.where(film["t_min"] >= 30, 24.0, 0.0)  # nearly the distance between neighbours
    shaken = film.assign(x_um=film["x_um"] + jump, y_um=film["y_um"] - jump)
    steady = link(shaken)
    assert same_partition(steady["track_id"], steady["true_track"])
    assert not same_partition(link(shaken, TrackSettings(drift=False))["track_id"], film["true_track"])
    pd.testing.assert_series_equal(steady["x_um"], shaken["x_um"])


def test_steady_walkers_are_followed_by_their_last_step() -> None:
    rng = np.random.default_rng(4)
    here, heading = rng.uniform(0, 400, (90, 2)), rng.uniform(0, 2 * np.pi, 90)
    step = 6.0 * np.column_stack((np.cos(heading), np.sin(heading)))
    rows = [np.column_stack((np.full(90, t), here + t * step, np.arange(90))) for t in range(25)]
    film = pd.DataFrame(np.concatenate(rows), columns=["t_min", "x_um", "y_um", "true_track"])

    def broken(persistence: float | None) -> int:
        tracked = link(film, TrackSettings(drift=False, divisions=False, persistence=persistence))
        return int((tracked.groupby("true_track")["track_id"].nunique() - 1).sum())

    assert broken(None) < 0.5 * broken(0.0)


def swapping_pairs() -> pd.DataFrame:
    """Return pairs of a large and a small cell, close together, that swap places once."""
    rng, t, rows = np.random.default_rng(2), np.arange(30.0), []
    for pair in range(12):
        side = np.where(t < 15, 2.0, -2.0)
        for label, sign, size in ((0, 1, 300.0), (1, -1, 100.0)):
            x, y = 100.0 * pair + sign * side + rng.normal(0, 1.2, len(t)), rng.normal(0, 1.2, len(t))
            area = size * np.exp(rng.normal(0, 0.05, len(t)))
            rows.append(np.column_stack((t, x, y, area, np.full(len(t), 2 * pair + label))))
    return pd.DataFrame(np.concatenate(rows), columns=["t_min", "x_um", "y_um", "area_um2", "true_track"])


def test_area_tells_cells_apart_that_swap_places() -> None:
    film = swapping_pairs()

    def right(features: tuple[str, ...] | None, weight: float = 1.0) -> float:
        settings = TrackSettings(features=features, feature_weight=weight, drift=False, divisions=False)
        return float((link(film, settings).groupby("true_track")["track_id"].nunique() == 1).mean())

    assert right(()) == right(None, 0.0) == 0.0
    assert right(None) > 0.5
    assert right(None) == right(("area_um2",))


def test_long_pause_between_frames_lets_cells_go_further() -> None:
    film = wandering(frames=16)
    paused = film.assign(t_min=film["t_min"] + np.where(film["t_min"] >= 40, 80.0, 0.0))
    rng = np.random.default_rng(8)
    kick = rng.normal(0, 4.0, (film["true_track"].max() + 1, 2))[film["true_track"]] * (film["t_min"] >= 40).to_numpy()[:, None]
    paused[["x_um", "y_um"]] += kick
    assert same_partition(link(paused)["track_id"], paused["true_track"])


def test_each_field_is_linked_alone_and_numbered_from_one(film: pd.DataFrame, linked: pd.DataFrame) -> None:
    two = pd.concat([film.assign(well="A01", site=1), film.assign(well="A02", site=1)], ignore_index=True)
    tracked = link(two)
    for _, field in tracked.groupby("well"):
        assert field["track_id"].to_numpy().tolist() == linked["track_id"].tolist()
    assert list(track_table(tracked).columns[:3]) == ["well", "site", "track_id"]
    assert len(track_table(tracked)) == 2 * film["true_track"].nunique()


def test_a_cell_table_stays_valid(film: pd.DataFrame) -> None:
    cells = film.drop(columns=["true_track", "true_parent"]).assign(
        plate="P", well="A01", site=1, track_id=film["cell_id"], parent_id=-1, cell_type="cell", alive=True, phase="", z_um=0.0
    )
    tracked = track_cells(cells)
    validate_cell_table(tracked)
    assert same_partition(tracked["track_id"], film["true_track"])
    assert tracked["cell_track_quality"].between(0, 1).all()
    assert list(tracked.columns[: len(cells.columns)]) == list(cells.columns)


def test_one_time_point_is_one_track_per_cell(film: pd.DataFrame) -> None:
    alone = link(film[film["t_min"] == 0])
    assert sorted(alone["track_id"]) == list(range(1, len(alone) + 1))
    assert (alone["track_quality"] == 0).all()


def test_an_empty_table_gets_the_columns(film: pd.DataFrame) -> None:
    nothing = link(film.iloc[:0])
    assert {"track_id", "parent_id", "track_quality"} <= set(nothing.columns)
    assert nothing.empty


def test_few_detections_are_linked_within_a_given_radius() -> None:
    pair = pd.DataFrame({"t_min": [0.0, 0.0, 5.0, 5.0], "x_um": [0.0, 50.0, 3.0, 90.0], "y_um": 0.0})
    tracked = link(pair, TrackSettings(search_radius_um=10.0))
    assert tracked["track_id"].tolist() == [1, 2, 1, 3]


def test_no_link_is_longer_than_the_given_radius(film: pd.DataFrame) -> None:
    tracked = link(film, TrackSettings(search_radius_um=2.0, maximum_gap=1, drift=False)).sort_values(["track_id", "t_min"])
    same = tracked["track_id"].diff() == 0
    step = np.hypot(tracked["x_um"].diff(), tracked["y_um"].diff())[same]
    assert step.max() <= 2.0


def test_nearest_neighbour_linker_follows_slow_cells(film: pd.DataFrame) -> None:
    whole = wandering(step_um=1.0)
    tracked = link(whole, TrackSettings(method="nearest"))
    assert same_partition(tracked["track_id"], whole["true_track"])
    given = link(whole, TrackSettings(method="nearest", search_radius_um=8.0))
    assert same_partition(given["track_id"], whole["true_track"])
    assert given["track_quality"].between(0, 1).all()


def test_a_long_film_is_learned_from_stretches_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    film = wandering(frames=60, unseen=0.02)
    monkeypatch.setattr(likelihood, "_LEARNED_FROM", 600)
    sampled = likelihood._sampled_frames(film_of(film, TrackSettings()))
    assert 6 <= sampled.sum() <= 18
    assert sampled[[0, -1]].all()
    assert same_partition(link(film)["track_id"], film["true_track"])


def test_quality_is_lower_where_cells_are_mistaken() -> None:
    crowd = wandering(side=10, step_um=7.0, seed=5)
    tracked = link(crowd)
    wrong = tracked.groupby("track_id")["true_track"].transform("nunique") > 1
    long = tracked.groupby("track_id")["t_min"].transform("size") > 3
    assert wrong.any()
    assert tracked.loc[wrong & long, "track_quality"].mean() < tracked.loc[~wrong & long, "track_quality"].mean()


@pytest.mark.parametrize(
    ("change", "settings", "words"),
    [
        (lambda film: film.drop(columns="x_um"), {}, "lacks x_um"),
        (lambda film: film, {"features": ("cell_intensity_mean_gfp",)}, "lacks cell_intensity_mean_gfp"),
        (lambda film: film.assign(y_um=np.nan), {}, "values of y_um are not finite numbers, the first in row 0"),
        (lambda film: film.assign(x_um="left"), {}, "values of x_um are not finite numbers"),
        (lambda film: film.assign(area_um2=0.0), {}, r"values of area_um2 are not positive numbers(.|\n)*features=\(\)"),
        (lambda film: film.assign(z_um=film["x_um"]), {}, "several heights"),
        (lambda film: film.assign(cell_id=1), {}, r"cell_id 1 is there twice at t_min 0(.|\n)*one site at a time"),
        (lambda film: film.assign(cell_id=1, well="B03"), {}, "detections of well B03: cell_id 1 is there twice"),
    ],
)
def test_bad_tables_are_named(film: pd.DataFrame, change, settings, words: str) -> None:
    with pytest.raises(InputError, match=words):
        link(change(film), TrackSettings(**settings))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"maximum_gap": 0}, "a gap of 0 frames"),
        ({"feature_weight": 2.0}, "2.0 is not a weight"),
        ({"search_radius_um": 0.0}, "0.0 is not a distance"),
        ({"search_radius_um": np.inf}, "inf is not a distance"),
        ({"persistence": -0.5}, "-0.5 is not a fraction"),
    ],
)
def test_bad_settings_are_named(settings, words: str) -> None:
    with pytest.raises(InputError, match=words):
        TrackSettings(**settings)


def test_all_bad_settings_are_told_at_once() -> None:
    with pytest.raises(InputError) as told:
        TrackSettings(maximum_gap=0, persistence=2.0)
    assert len(told.value.problems) == 2


def test_an_unknown_method_is_told_the_known_ones(film: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"no way of linking named 'magic'(.|\n)*likelihood, nearest"):
        link(film, TrackSettings(method="magic"))


@pytest.mark.parametrize("method", ["likelihood", "nearest"])
def test_too_little_to_learn_from_names_the_field(method: str) -> None:
    few = pd.DataFrame({"well": "C07", "t_min": [0.0, 5.0], "x_um": [1.0, 2.0], "y_um": [0.0, 0.0]})
    with pytest.raises(
        DataError, match=r"well C07: 1 pairs of detections(.|\n)*0 neighbours(.|\n)*too few(.|\n)*search_radius_um"
    ):
        link(few, TrackSettings(method=method))


def test_a_table_that_was_not_linked_has_no_tracks(film: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"lacks track_id, parent_id, track_quality(.|\n)*link the detections first"):
        track_table(film)
