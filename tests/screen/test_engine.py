"""The whole engine on small screens: tables as declared, notes for everything missing."""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd
import pytest

from coculture import __version__
from coculture.errors import DataError, InputError
from coculture.plate.columns import names
from coculture.screen.engine import analyse
from coculture.screen.results import BAND_COLUMNS, CURVE_COLUMNS, HIT_COLUMNS, NORMALISED_COLUMNS, QUALITY_COLUMNS
from coculture.screen.settings import AnalysisSettings, ConditionContrast, Readout

SETTINGS = AnalysisSettings((Readout("value", "value", "up"), Readout("other", "other")))


def _screen(make_plate, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    roles = ["negative"] * 8 + ["positive"] * 8 + ["untreated"] * 4 + ["blank"] * 4 + ["treatment"] * 72
    doses = [0.0] * 24 + np.repeat([0.1, 0.3, 1.0, 3.0, 10.0, 30.0], 12).tolist()
    compounds = [""] * 24 + ["a", "b", "c", "d"] * 18
    values = rng.normal(100, 3, 96) + np.array([0] * 8 + [100] * 8 + [0] * 4 + [-90] * 4 + [0] * 72)
    wells = make_plate(values, roles, compounds=compounds, doses=doses)
    strong = (wells["compound"] == "a").to_numpy()
    wells.loc[strong, "value"] += 80 / (1 + 1 / wells.loc[strong, "dose"])
    return wells.assign(other=rng.normal(0, 1, 96))


def test_tables_are_as_declared(make_plate) -> None:
    result = analyse(_screen(make_plate), SETTINGS_Z)
    for frame, columns in (
        (result.quality, QUALITY_COLUMNS),
        (result.normalised, NORMALISED_COLUMNS),
        (result.hits, HIT_COLUMNS),
        (result.curves, CURVE_COLUMNS),
        (result.bands, BAND_COLUMNS),
    ):
        assert frame.columns.tolist() == names(columns)
        assert len(frame) > 0
        for column in columns:
            kind = frame[column.name].dtype.kind
            if column.kind in ("integer", "real", "flag"):
                assert kind == {"integer": "i", "real": "f", "flag": "b"}[column.kind], column.name
    assert result.version == __version__
    assert result.settings is SETTINGS_Z


SETTINGS_Z = AnalysisSettings(SETTINGS.readouts, normalise="robust-z")


def test_the_planted_compound_is_first(make_plate) -> None:
    result = analyse(_screen(make_plate), SETTINGS_Z)
    assert result.hits.iloc[0]["compound"] == "a"
    called = result.hits[result.hits["hit"]]
    assert set(called["compound"]) == {"a"}
    curve = result.curves.set_index(["compound", "readout"]).loc[("a", "value")]
    assert curve["ec50_low"] < 1.0 < curve["ec50_high"]
    assert (result.curves[result.curves["compound"] != "a"]["status"] == "no effect").all()


def test_every_scale_is_stored_and_lacking_ones_explained(make_plate) -> None:
    result = analyse(_screen(make_plate), SETTINGS_Z)
    value = result.normalised[result.normalised["readout"] == "value"]
    assert value[["raw", "percent_of_control", "normalised_percent_effect", "robust_z"]].notna().all().all()
    assert value.loc[value["role"] == "negative", "percent_of_control"].mean() == pytest.approx(100)
    other = result.normalised[result.normalised["readout"] == "other"]
    assert other["percent_of_control"].isna().all()
    text = "\n".join(result.notes)
    assert "other: percent-of-control cannot be had on p1: the negative controls' mean is not clearly above zero" in text
    assert "other: normalised-percent-effect cannot be had on p1: positive and negative controls do not differ clearly" in text


def test_a_scale_the_primary_readout_cannot_have_is_refused(make_plate) -> None:
    readouts = (Readout("value", "value"), Readout("other", "other", primary=True))
    with pytest.raises(DataError) as caught:
        analyse(_screen(make_plate), AnalysisSettings(readouts))
    text = str(caught.value)
    assert "readout 'other': the scale 'percent-of-control' can be had on no plate" in text
    assert "choose another 'normalise' for it: as-given, z, robust-z" in text


def test_another_readout_is_left_out_with_a_note(make_plate) -> None:
    result = analyse(_screen(make_plate), SETTINGS)
    assert set(result.hits["readout"]) == set(result.curves["readout"]) == {"value"}
    assert set(result.quality["readout"]) == set(result.normalised["readout"]) == {"value", "other"}
    assert any(note.startswith("other: not judged: the scale 'percent-of-control'") for note in result.notes)


def test_a_readout_may_have_its_own_scale(make_plate) -> None:
    readouts = (SETTINGS.readouts[0], Readout("other", "other", normalise="robust-z"))
    result = analyse(_screen(make_plate), AnalysisSettings(readouts))
    assert set(result.hits["readout"]) == {"value", "other"}
    effects = result.hits[result.hits["readout"] == "other"]["effect"]
    expected = analyse(_screen(make_plate), SETTINGS_Z).hits
    assert sorted(effects) == pytest.approx(sorted(expected[expected["readout"] == "other"]["effect"]))


def test_missing_readings_are_listed(make_plate) -> None:
    wells = _screen(make_plate)
    wells.loc[wells.index[30:42], "value"] = np.nan
    result = analyse(wells, SETTINGS_Z)
    assert result.notes[1].startswith("value: 12 wells have no value and were left out: p1 C07, p1 C08,")
    assert result.notes[1].endswith("and 2 more.")
    assert result.quality["n_missing"].tolist() == [12, 0]


def test_no_treated_well_with_a_value(make_plate) -> None:
    wells = _screen(make_plate)
    wells.loc[wells["role"] == "treatment", "value"] = np.nan
    with pytest.raises(DataError, match="readout 'value': no treated well has a value"):
        analyse(wells, SETTINGS_Z)


def test_missing_positive_controls_are_not_judged(make_plate) -> None:
    wells = _screen(make_plate)
    wells = wells[wells["role"] != "positive"]
    result = analyse(wells, SETTINGS_Z)
    assert result.quality["verdict"].tolist() == ["not judged"] * 2
    assert result.quality["reasons"].str.startswith("no positive control").all()
    assert result.hits["effect_percent"].isna().all()


def test_order_of_wells_does_not_matter(make_plate) -> None:
    wells = _screen(make_plate)
    shuffled = wells.sample(frac=1, random_state=3)
    first, second = analyse(wells, SETTINGS_Z), analyse(shuffled, SETTINGS_Z)
    pd.testing.assert_frame_equal(first.quality, second.quality)
    pd.testing.assert_frame_equal(first.curves, second.curves, rtol=1e-5)
    pd.testing.assert_frame_equal(first.hits, second.hits, rtol=1e-9)


def test_methods_are_checked_before_the_table(make_plate) -> None:
    for wrong in (
        AnalysisSettings(SETTINGS.readouts, normalise="x"),
        AnalysisSettings((Readout("a", "a", normalise="x"),)),
        AnalysisSettings(SETTINGS.readouts, hit_method="x"),
        AnalysisSettings(SETTINGS.readouts, dose_response="x"),
        AnalysisSettings(SETTINGS.readouts, contrast=ConditionContrast("a", "b", method="x")),
    ):
        with pytest.raises(InputError, match="'x' is not known"):
            analyse(pd.DataFrame(), wrong)


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="a thousand curves are too many for plain Python")
def test_ten_thousand_wells_in_about_a_second(make_plate) -> None:
    rng = np.random.default_rng(1)
    n = 10_000
    roles = np.where(np.arange(n) % 16 == 0, "negative", "treatment")
    wells = pd.DataFrame(
        {
            "plate": [f"p{i // 384}" for i in range(n)],
            "well": [f"{chr(65 + i % 384 // 24)}{i % 24 + 1:02d}" for i in range(n)],
            "role": roles,
            "compound": np.where(roles == "treatment", [f"c{i // 24}" for i in range(n)], ""),
            "dose": np.where(roles == "treatment", 10.0 ** (np.arange(n) % 8 - 4), 0.0),
            "dose_unit": "uM",
            "one": rng.normal(100, 5, n),
            "two": rng.normal(100, 5, n),
            "three": rng.normal(100, 5, n),
        }
    )
    settings = AnalysisSettings(tuple(Readout(name, name) for name in ("one", "two", "three")))
    result = analyse(wells, settings)
    assert len(result.normalised) == 3 * n
