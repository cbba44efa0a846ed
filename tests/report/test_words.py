"""Numbers as a person reads them, and cautions that appear when and only when they apply."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coculture.report.reading import Results, read_results
from coculture.report.words import cautions
from coculture.report.words.methods import methods
from coculture.report.words.numbers import (
    chance,
    count,
    dose,
    fixed,
    in_percent,
    is_missing,
    listed,
    percent,
    plain,
    real,
    same_decimals,
    scientific,
    sentence_case,
    short,
    significant,
    typeset,
)
from coculture.report.words.quality import overall, quality_sentences, worst_first
from coculture.report.words.summary import found
from coculture.report.words.swapped_controls import swapped_controls


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.0, "1.00"),
        (-0.01234, "−0.0123"),
        (123456.0, "123,456"),
        (9.996, "10.00"),
        (1234567.0, "1.23 × 10⁶"),
        (0.00001234, "1.23 × 10⁻⁵"),
        (float("nan"), "–"),
        (None, "–"),
        (pd.NA, "–"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
    ],
)
def test_significant(value: object, text: str) -> None:
    assert significant(value) == text


def test_numbers_keep_no_false_sign_or_digits() -> None:
    assert fixed(-0.001, 2) == "0.00"
    assert fixed(-1.5, 1) == "−1.5"
    assert short(7.0) == "7"
    assert short(0.150) == "0.15"
    assert short(100.0) == "100"
    assert percent(0.123, 1) == "12.3\u202f%"
    assert in_percent(-3.0) == "−3\u202f%"
    assert scientific(-0.00021) == "−2.1 × 10⁻⁴"
    assert same_decimals(1.234, 0.1, 123.4) == ["1", "0", "123"]
    assert same_decimals(1.234, None, 0.1) == ["1.23", "–", "0.10"]
    assert same_decimals(0.0, 0.0) == ["0", "0"]


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (0.0, 0.5, "0"),
        (2.5, 2.5, "2.5"),
        (0.75, 0.25, "0.75"),
        (20.0, 10.0, "20"),
        (200000.0, 1e5, "2.0 × 10⁵"),
        (-1.0, 1.0, "−1"),
    ],
)
def test_ticks_have_the_decimals_their_step_needs(value: float, step: float, text: str) -> None:
    assert plain(value, step) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.50"), (0.05, "0.050"), (0.001, "0.001"), (0.00021, "2.1 × 10⁻⁴"), (1e-40, "< 10⁻¹⁵"), (None, "–")],
)
def test_chance(value: object, text: str) -> None:
    assert chance(value) == text


def test_words_around_numbers() -> None:
    assert count(1, "plate") == "1 plate"
    assert count(3200, "well") == "3,200 wells"
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert dose(0.15, "uM") == "0.15 µM"
    assert dose(4.0, "step") == "step 4"
    assert dose(float("nan"), "uM") == ""
    assert dose(2.0, None) == "2"
    assert sentence_case("nuclear ratio of GFP") == "Nuclear ratio of GFP"
    assert is_missing("word")
    assert real(float("inf")) is None
    assert real(2) == 2.0


@pytest.fixture(scope="module")
def results(plate: Path) -> Results:
    return read_results(plate)


def with_settings(results: Results, **sections: Any) -> Results:
    return replace(results, settings={**results.settings, **sections})


def test_only_the_cautions_of_the_made_plate_appear(results: Results) -> None:
    assert [caution.__name__ for caution in cautions.ALL if caution(results)] == [
        *("small_effects", "single_plate", "ordinal_doses"),
    ]
    assert len(cautions.cautions(results)) == 3


def test_each_caution_appears_where_it_applies(results: Results) -> None:
    wells, hits, quality = results.wells, results.hits, results.quality
    plain_wells = wells.assign(dose_unit="uM")
    assert cautions.no_negative_controls(replace(results, wells=wells[wells["role"] != "negative"]))
    assert cautions.no_positive_controls(replace(results, wells=wells[wells["role"] != "positive"]))
    assert "poor" in cautions.poor_quality(replace(results, quality=quality.assign(verdict="poor")))
    assert "Every treatment was" in cautions.few_replicates(replace(results, hits=hits.assign(n_wells=1)))
    some = hits.assign(n_wells=[1, *[4] * (len(hits) - 1)])
    assert "1 of 18 treatments were tested" in cautions.few_replicates(replace(results, hits=some))
    lost = cautions.lost_cells(replace(results, hits=hits.assign(hit=True, cell_count_percent=40.0)))
    assert lost.startswith("18 hits leave fewer than 70 % of the controls' cells")
    assert "one donor (D1)" in cautions.one_donor(replace(results, wells=wells.assign(donor="D1")))
    assert not cautions.ordinal_doses(replace(results, wells=plain_wells))
    assert "gfp" in cautions.stain_outlines(with_settings(results, cells={"method": "propagation", "channel": "gfp"}))
    assert cautions.missing_images(with_settings(results, source={"kind": "wells"}))
    small = hits.assign(hit=True, effect_percent=[-3.0, *[50.0] * (len(hits) - 1)])
    assert "1 of 18 hits has less than 10 %" in cautions.small_effects(replace(results, hits=small))
    assert not cautions.small_effects(replace(results, hits=hits.assign(effect_percent=float("nan"))))
    two = pd.concat([wells, wells.assign(plate="P2")])
    assert not cautions.single_plate(replace(results, wells=two))


def test_controls_at_the_edge_are_warned_of_only_where_treated_wells_are_not(results: Results) -> None:
    wells = results.wells
    outer = wells[(wells["role"] != "negative") | wells["well"].isin(["A01", "H01", "C01"])]
    assert "edge of the plate" in cautions.controls_at_edge(replace(results, wells=outer))
    assert not cautions.controls_at_edge(results)
    edge_only = outer[(outer["role"] != "treatment") | outer["well"].str.startswith("A")]
    assert not cautions.controls_at_edge(replace(results, wells=edge_only))


def test_controls_that_read_like_the_others_are_named(results: Results) -> None:
    table = results.normalised
    swapped = table["well"].isin(["A01", "B01"]) & (table["readout"] == "nuclear_ratio")
    moved = table.assign(raw=table["raw"].where(~swapped, 4.0))
    sentence = swapped_controls(replace(results, normalised=moved))
    assert sentence.startswith("2 negative controls (A01 and B01) read like positive controls")
    lone = table.assign(raw=table["raw"].where(table["well"] != "H12", 1.0))
    assert "1 positive control (H12) reads like negative controls" in swapped_controls(replace(results, normalised=lone))
    assert swapped_controls(results) == ""
    assert swapped_controls(replace(results, normalised=table[table["role"] != "positive"])) == ""


def test_minus_signs_are_set_where_numbers_are_negative() -> None:
    assert typeset("Z′ -0.18 is low (-3), CC-01 and 5-7 and 1e-5 stay") == "Z′ −0.18 is low (−3), CC-01 and 5-7 and 1e-5 stay"


def quality(*rows: tuple[str, str, float, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["plate", "verdict", "robust_z_prime", "reasons"])
    return frame.assign(readout="r", z_prime=frame["robust_z_prime"], cv_negative=5.0)


def test_worst_plates_come_first() -> None:
    table = quality(("P1", "good", 0.9, ""), ("P2", "poor", 0.1, ""), ("P3", "poor", -0.5, ""), ("P4", "usable", 0.3, ""))
    assert worst_first(table, ["P1", "P2", "P3", "P4", "P5"]) == ["P3", "P2", "P4", "P1", "P5"]
    assert overall(table, "r") == "poor"
    assert overall(table, "other") == ""


def test_quality_in_words() -> None:
    one = quality_sentences(quality(("P1", "good", 0.7, "")), "r", "the ratio")
    assert one == [
        "By the controls the quality of the ratio is good.",
        "Z′ is 0.70 (0.5 or more separates the controls well; 1 would be perfect).",
    ]
    mixed = quality_sentences(quality(("P1", "good", 0.7, ""), ("P2", "poor", -0.2, "Z′ below 0; few wells.")), "r", "the ratio")
    assert mixed[0] == "By the controls the quality of the ratio is 1 good and 1 poor (one verdict a plate)."
    assert "median 0.25 over 2 plates (−0.20 to 0.70" in mixed[1]
    assert mixed[2] == "Reason: Z′ below 0."
    assert quality_sentences(quality(), "r", "the ratio") == ["The quality of the ratio was not judged."]


def test_methods_cite_each_source_once_and_in_order(results: Results) -> None:
    sentences, references = methods(results)
    text = " ".join(sentences)
    numbers = [int(number) for part in text.split("[")[1:] for number in part.split("]")[0].split(", ")]
    assert sorted(set(numbers)) == list(range(1, len(references) + 1))
    assert list(dict.fromkeys(numbers)) == sorted(set(numbers))
    assert "four-parameter logistic curve on the dose step was fitted to 2 compounds" in text
    assert "false discovery rate of 5 %" in text
    assert any("Smyth" in reference for reference in references)


def test_methods_follow_the_settings(results: Results) -> None:
    changed = with_settings(
        results,
        cells={"method": "propagation", "channel": "gfp"},
        illumination={"method": "none"},
        analysis={
            **results.settings["analysis"],
            "normalise": "b-score",
            "minimum_effect": 12.5,
            "contrast": {"tested": "co", "reference": "mono", "pair_by": "donor", "method": "paired-t"},
        },
    )
    text = " ".join(methods(changed)[0])
    assert "propagation from the nuclei on the channel gfp" in text
    assert "uneven illumination was not corrected" in text
    assert "(b-score)" in text
    assert "Effects below 12.5 were not called hits" in text
    assert "the condition co was compared with mono within each donor" in text
    assert methods(replace(results, settings={}, quality=results.quality.iloc[:0], curves=results.curves.iloc[:0])) == ([], [])


def test_summary_tells_nothing_judged_from_nothing_found(results: Results) -> None:
    unjudged = results.hits.assign(hit=False, q_value=float("nan"), note="not judged: one well only.")
    assert found(replace(results, hits=unjudged)) == ["None of 18 treatments could be judged: one well only."]
    nothing = found(replace(results, hits=results.hits.assign(hit=False)))
    assert nothing[0].startswith("None of 18 treatments is a hit")
    assert nothing[1].startswith("The nearest is ")
    contrast = unjudged.assign(condition="co − mono")
    assert found(replace(results, hits=contrast))[0] == (
        "None of 18 compounds could be judged for a difference between the conditions co and mono: one well only."
    )
    single = results.hits.assign(hit=results.hits["rank"] == 1)
    assert found(replace(results, hits=single))[0].startswith("1 of 18 treatments is a hit")
    assert found(replace(results, hits=results.hits.iloc[:0])) == ["No treatment was compared with the controls."]
