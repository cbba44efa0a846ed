"""Sections on what happens between cells: what they refuse, what they come to, and what the check says of them."""

from __future__ import annotations

import pytest
from drawn_film import RECIPE

from coculture.errors import InputError
from coculture.imaging.track.settings import TrackSettings
from coculture.interactions.motion.settings import MotionSettings
from coculture.run.between_cells_settings import contact_settings, number_settings, track_settings
from coculture.run.check.readouts import check_readouts
from coculture.run.check.time import check_time
from coculture.run.recipe.reading import parse_recipe
from coculture.run.recipe.recipe import Recipe
from coculture.run.recipe.writing import recipe_text
from coculture.run.well_notes import gathered_notes
from coculture.sources.contact_pairs import ContactSettings
from coculture.sources.well_summary import NumberSettings

BARE = RECIPE[: RECIPE.index("[motion]")]
READOUT = '[[readout]]\nname = "asked"\n'
COUNT = READOUT + 'column = "n_cells"\n'
GFP = "cell_intensity_mean_gfp"
SLOPE = "well_signal_slope_per_neighbour_tumour_effector"
CHANNELS = ("dna", "gfp", "rfp")


def recipe_with(sections: str, readout: str = COUNT) -> Recipe:
    return parse_recipe(BARE + sections + readout, "s.toml")


def found(sections: str, readout: str = COUNT, *, is_series: bool = True) -> list[str]:
    return [str(one.problem) for one in check_readouts(recipe_with(sections, readout), "s.toml", CHANNELS, is_series=is_series)]


def column(name: str) -> str:
    return READOUT + f'column = "{name}"\n'


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ("[tracking]\nmethod = 'btrack'\n", "use one of: likelihood, nearest, none"),
        ("[tracking]\nsearch_radius = 9.0\n", "did you mean 'search_radius_um'"),
        ("[tracking]\nmaximum_gap_frames = 0\n", "maximum_gap_frames: found 0"),
        ("[tracking]\nfeature_weight = 2.0\n", "feature_weight: found 2.0"),
        ("[motion]\ndirection = [0, 0]\n", "points nowhere"),
        ("[motion]\ndirection = [1, 0, 0]\n", "direction"),
        ("[motion]\nfewest_points = 1\n", "fewest_points: found 1"),
        ("[motion]\ncorrelation_reach_um = 5.0\n", "shorter than one step"),
        ("[motion]\narrest_speed = 1.0\n", "did you mean 'arrest_speed_um_per_min'"),
        ("[contacts]\nneighbours = 'voronoi'\n", "use one of: touching, edge-distance, k-nearest, delaunay"),
        ("[contacts]\nneighbours = 'k-nearest'\n", "needs k"),
        ("[contacts]\nk = 6\n", "neighbours = 'touching' takes no k; it takes gap_um"),
        ("[contacts]\nneighbours = 'delaunay'\ngap_um = 1.0\n", "takes no gap_um; it takes longest_um, longest_over_median"),
        ("[contacts]\ngap_um = -1.0\n", "gap_um: found -1.0"),
        ("[contacts]\nbridge_frames = -1\n", "bridge_frames: found -1"),
        ("[arrangement]\nradii_um = [20, 20]\n", "different distances above 0"),
        ("[arrangement]\nradii_um = [0.0]\n", "different distances above 0"),
        ("[arrangement]\ndensity_radius_um = 0.0\n", "density_radius_um: found 0.0"),
        ("[communication]\nsignal = ['x']\n", "did you mean 'signals'"),
        ("[[communication.transfer]]\nsignal = 'x'\ndonor = 'tumour'\n", "key 'receiver' is missing"),
    ],
)
def test_what_sections_refuse(sections: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        recipe_with(sections)
    assert message in str(caught.value)


def test_without_sections_everything_is_as_usual() -> None:
    recipe = recipe_with("")
    assert track_settings(recipe) == TrackSettings()
    assert contact_settings(recipe) == ContactSettings()
    assert number_settings(recipe) == NumberSettings()


def test_sections_come_to_settings() -> None:
    tracking = "[tracking]\nmethod = 'nearest'\nsearch_radius_um = 12\nmaximum_gap_frames = 3\nfeatures = []\ndivisions = false\n"
    motion = "[motion]\ndirection = [0, 1]\nlongest_lag_min = 30\n"
    contacts = "[contacts]\nneighbours = 'k-nearest'\nk = 5\nways = 'both'\nbridge_frames = 2\nlong_min = 20\nhorizon_min = 60\n"
    recipe = recipe_with(tracking + motion + contacts)
    tracked = track_settings(recipe)
    assert tracked == TrackSettings("nearest", maximum_gap=3, divisions=False, features=(), search_radius_um=12.0)
    assert contact_settings(recipe) == ContactSettings("k-nearest", k=5, ways="both")
    numbers = number_settings(recipe)
    assert numbers.time.motion == MotionSettings(direction=(0.0, 1.0), longest_lag_min=30.0)
    assert (numbers.time.dynamics.bridge_frames, numbers.time.dynamics.long_min, numbers.time.dynamics.horizon_min) == (2, 20, 60)
    assert parse_recipe(recipe_text(recipe)) == recipe


def test_the_gap_of_older_recipes_still_counts() -> None:
    older = BARE.replace("[cells.options]", "[cells]\ncontact_gap_um = 2.0\n[cells.options]") + COUNT
    assert contact_settings(parse_recipe(older)).gap_um == 2.0
    both = older.replace(READOUT, "[contacts]\ngap_um = 3.0\n" + READOUT)
    with pytest.raises(InputError, match=r"contacts\.gap_um = 3 and cells\.contact_gap_um = 2 differ"):
        parse_recipe(both)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("well_enrichmnt_z_effector_tumour", "did you mean 'well_enrichment_z_effector_tumour'"),
        ("well_enrichment_z_tumour_effector", "did you mean 'well_enrichment_z_effector_tumour'"),
        ("n_tumor", "did you mean 'n_tumour'"),
        ("n_flagged_fields", "a well has n_cells"),
        ("well_motion_arrest_coefficient", "it needs motion.arrest_speed_um_per_min"),
        ("well_contacts_long_fraction_effector_tumour", "it needs contacts.long_min"),
        ("well_territory_contacts_per_cell", 'it needs cells.method = "propagation"'),
        ("well_cross_g_effector_tumour_20um", "it needs arrangement.radii_um"),
        ("cell_motion_step_speed_um_per_min", "no well has a number"),  # no step begins at the end
    ],
)
def test_a_number_no_well_will_have_is_refused(name: str, message: str) -> None:
    told = found("", column(name))
    assert len(told) == 1
    assert f"no well has a number '{name}'" in told[0]
    assert message in told[0]


@pytest.mark.parametrize(
    ("sections", "name"),
    [
        ("", "n_effector"),
        ("", "well_affinity_log2_effector_tumour"),
        ("", "well_mixing_segregation_effector_tumour"),
        ("", "well_nearest_um_tumour_effector"),
        ("", "well_motion_toward_effector_tumour"),
        ("", "well_killing_log2_hazard_ratio_tumour_effector"),
        ("", "well_speed_slope_per_neighbour_tumour_effector"),
        ("", "cell_motion_directness"),
        ("", "nucleus_intensity_mean_rfp"),
        ("[motion]\narrest_speed_um_per_min = 1.0\n", "well_motion_arrest_coefficient_effector"),
        ("[contacts]\nlong_min = 10\n", "well_contacts_long_fraction_effector_tumour"),
        ("[arrangement]\nradii_um = [12.5]\n", "well_cross_g_effector_tumour_12p5um"),
        (f"[communication]\nsignals = ['{GFP}']\n", f"{SLOPE}_intensity_mean_gfp"),
    ],
)
def test_a_number_wells_will_have_is_taken(sections: str, name: str) -> None:
    assert found(sections, column(name)) == []


def test_numbers_over_time_need_time_and_tracks() -> None:
    asked = column("well_motion_speed_um_per_min")
    assert "it needs a time series, and there is one time point" in found("", asked, is_series=False)[0]
    assert 'leave out [tracking] method = "none"' in found('[tracking]\nmethod = "none"\n', asked)[0]
    feature = READOUT + 'feature = "cell_motion_directness"\n'
    assert found("", feature) == []
    assert "no feature 'cell_motion_directness' will be measured" in found("", feature, is_series=False)[0]


def test_communication_and_tracking_name_what_is_measured() -> None:
    transfer = "[[communication.transfer]]\nsignal = 'cell_intensity_mean_cy5'\ndonor = 'tumor'\nreceiver = 'effector'\n"
    told = found(transfer)
    assert "no feature 'cell_intensity_mean_cy5' will be measured" in told[0]
    assert "communication.transfer[1].donor: there is no cell type 'tumor'" in told[1]
    assert "tracking.features[1]" in found("[tracking]\nfeatures = ['cell_shape_aera_um2']\n")[0]
    assert "tracking.features[1]" in found("[tracking]\nfeatures = ['cell_motion_directness']\n")[0]
    assert found("[tracking]\nfeatures = ['area_um2', 'nucleus_shape_area_um2']\n") == []


def test_sections_on_time_without_time_are_named() -> None:
    said = "[tracking]\ndrift = false\n[motion]\nfewest_points = 9\n[contacts]\nlong_min = 5\n"
    told = [one.problem.what for one in check_time(recipe_with(said), "s.toml", is_series=False)]
    assert told == [
        f"{name} has nothing to work on: there is one time point" for name in ("tracking", "motion", "contacts.long_min")
    ]
    assert check_time(recipe_with(said), "s.toml", is_series=True) == []
    untracked = said.replace("drift = false", 'method = "none"')
    told = [one.problem.what for one in check_time(recipe_with(untracked), "s.toml", is_series=True)]
    assert told == [f"{name} has nothing to work on: [tracking] method is 'none'" for name in ("motion", "contacts.long_min")]
    assert check_time(recipe_with('[tracking]\nmethod = "none"\n'), "s.toml", is_series=False) == []
    assert check_time(recipe_with(""), "s.toml", is_series=False) == []


def test_notes_that_differ_in_numbers_are_told_once() -> None:
    notes = [(("P", f"A0{n}"), f"{n} of 40 tracks are short") for n in range(1, 9)]
    notes += [(("P", "B01"), "no track of type 'b'"), (("P", "B02"), "no track of type 'b'"), (("P", "B03"), "one 0.5 µm")]
    assert gathered_notes(notes) == (
        "P A01, P A02, P A03, P A04, P A05, P A06 and 2 more (the first: 1 of 40 tracks are short)",
        "P B01, P B02: no track of type 'b'",
        "P B03: one 0.5 µm",
    )
    assert gathered_notes([]) == ()
