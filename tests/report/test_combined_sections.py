"""Sections on combinations and mixtures: the right rows, on one scale, with warnings in plain words."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from made_combined import combined, effect, made, three

from coculture.report.figures.synergy_surface import SynergyPoint, synergy_bar, synergy_surface
from coculture.report.reading import Results, read_results
from coculture.report.sections.combinations import combinations_section
from coculture.report.sections.mixtures import mixtures_section
from coculture.report.words.cautions import cautions
from coculture.report.words.combined_methods import combination_methods, mixture_methods
from coculture.screen.mixture_columns import INGREDIENT_COLUMNS, MIXTURE_EFFECT_COLUMNS


@pytest.fixture(scope="module")
def results(plate: Path) -> Results:
    return read_results(plate)


def test_there_are_no_such_sections_where_nothing_was_asked(results: Results) -> None:
    assert combinations_section(results) is None
    assert mixtures_section(results) is None
    assert combination_methods(results) == ("", ())
    assert mixture_methods(results) == ("", ())


def test_combinations_are_ranked_with_their_other_scores(results: Results) -> None:
    section = combinations_section(combined(results))
    assert section is not None
    assert (section.model, section.others, section.n_called, section.n_all) == ("ZIP", ("Bliss",), 1, 2)
    row = section.called[0]
    assert (row.drugs, row.score, row.range, row.others, row.index) == ("A + B", "22.0", "18.0 to 26.0", ("18.0*",), "0.25")
    assert row.reduction == "4 and 3"
    assert section.uncalled[0].others == ("−0.5",)
    assert "2 doses of drug 2 alone" in section.uncalled[0].note
    assert section.musyc[0].beta == "0.20 (0.10 to 0.30)"
    assert section.musyc[0].alpha12 == "1,000"


def test_surfaces_are_drawn_on_one_scale_with_doses_in_readable_units(results: Results) -> None:
    section = combinations_section(combined(results))
    assert section is not None
    assert [panel.name for panel in section.surfaces] == ["A and B", "A and C"]
    drawing = section.surfaces[0].drawing
    assert "A, nM" in drawing
    assert "B, µg/mL" in drawing
    assert ">100<" in drawing
    assert "synergy 20.0 (15.0 to 25.0)" in drawing
    assert drawing.count('class="above"') == 4
    assert section.surfaces[1].drawing.count('class="below"') == 4


def test_a_surface_rises_upwards_and_marks_what_is_sure() -> None:
    points = {(0, 0): SynergyPoint(5.0, False, "low"), (1, 0): SynergyPoint(-8.0, True, "high")}
    drawing = str(synergy_surface(points, (("1", "10"), ("3",)), ("A", "B"), 10.0, description="d"))
    assert drawing.index("low") < drawing.index("high")
    heights = [float(part.split('y="')[1].split('"')[0]) for part in drawing.split("<rect")[1:]]
    assert heights[0] > heights[1]
    assert drawing.count('class="sure"') == 1
    assert "antagonism" in synergy_bar(10.0)


def test_a_formula_taken_apart_is_told_with_roles_and_readings(results: Results) -> None:
    rows = [
        effect("left out", "Huangqin 黄芩", -2.0, False, formula_role="臣", rank=2, reading="no effect seen"),
        effect("left out", "Huanglian 黄连", -30.0, True, formula_role="君", reading="needed", note="a caution; another"),
        effect("whole", "", -60.0, True, shown="Huanglian Jiedu Tang"),
    ]
    asked = replace(
        results, mixture_effects=made(rows, MIXTURE_EFFECT_COLUMNS), settings={**results.settings, "mixture": {"fdr": 0.1}}
    )
    section = mixtures_section(asked)
    assert section is not None
    table = section.tables[0]
    assert [block.head.split(",")[0].split(":")[0] for block in table.blocks] == [
        "The whole",
        "What each ingredient adds to the whole",
    ]
    assert [(row.name, row.role, row.called) for row in table.blocks[1].rows] == [
        ("Huanglian 黄连", "君 sovereign", True),
        ("Huangqin 黄芩", "臣 minister", False),
    ]
    assert table.roles
    assert table.shares
    text, keys = mixture_methods(asked)
    assert "Effects of ingredients of Huanglian Jiedu Tang were estimated from leave one out designs" in text
    assert keys == ("fdr",)


def test_a_driving_fraction_is_a_warning_in_plain_words(results: Results) -> None:
    verdict = "fraction F_13 drives the result: it holds 65% of the activity's variance"
    rows = [
        {
            "composition": "peaks.csv",
            "readout": "translocation",
            "feature": f"peak {number}",
            "rank": float(number),
            "rank_low": 1.0,
        }
        | {"rank_high": 20.0, "jackknife_low": 1.0, "jackknife_high": 9.0, "top_share": 0.5, "correlation": 0.9, "p_value": 0.01}
        | {"family_p_value": 0.2, "n_fractions": 14, "driver": "F_13", "note": verdict}
        for number in range(1, 31)
    ]
    asked = replace(
        results, ingredients=made(rows, INGREDIENT_COLUMNS), settings={**results.settings, "mixture": {"methods": ["vip"]}}
    )
    section = mixtures_section(asked)
    assert section is not None
    table = section.rankings[0]
    assert table.warning.startswith("Fraction F_13 drives the result")
    assert table.verdict == ""
    assert (len(table.rows), table.n_features, table.rows[0].range, table.rows[0].top) == (15, 30, "1 to 20", "50\u202f%")
    assert any("One fraction drives the ranking of features: F_13" in sentence for sentence in cautions(asked))
    text, keys = mixture_methods(asked)
    assert "30 features of fractions were ranked by the mean rank of variable importance" in text
    assert keys == ("vip", "max-t")


def test_estimated_single_agents_are_a_caution(results: Results) -> None:
    said = [sentence for sentence in cautions(combined(results)) if "single agents" in sentence]
    assert said
    assert said[0].startswith("In 1 combination single agents or controls were not measured")
    text, keys = combination_methods(combined(results))
    assert text.startswith("2 combinations were scored by ZIP, Bliss and MuSyC; intervals and p-values come from 40 repetitions")
    assert keys == ("zip", "bliss", "musyc", "median-effect", "fdr")


def test_ingredients_are_drawn_by_size_and_marked_where_told_apart_from_noise(results: Results) -> None:
    rows = [
        effect("whole", "", -60.0, True, shown="Huanglian Jiedu Tang"),
        effect("left out", "Zhizi", -2.0, False, rank=3),
        effect("left out", "Huanglian", -30.0, True, reading="needed"),
        effect("left out", "Huangqin", -12.0, False, rank=2),
        effect("alone", "Huanglian", -25.0, True),
        effect("pair alone", "Huanglian", 99.0, True, second="Huangqin", shown="Huanglian + Huangqin"),
    ]
    section = mixtures_section(replace(results, mixture_effects=made(rows, MIXTURE_EFFECT_COLUMNS)))
    assert section is not None
    figure = section.tables[0].figure
    assert figure is not None
    drawing = str(figure.drawing)
    assert re.findall(r">(Huanglian|Huangqin|Zhizi)</text>", drawing) == ["Huanglian", "Huangqin", "Zhizi"]
    assert (drawing.count(' sure"'), drawing.count("unsure")) == (2, 2)
    assert [name for _, name in figure.key] == ["adds to the whole", "does alone"]
    assert "Huanglian · adds to the whole: −30.0 (−35.0 to −25.0) · q 0.010 · needed" in drawing
    assert "told apart from noise: Huanglian" in drawing
    assert ">the whole</text>" in drawing
    assert "Huanglian + Huangqin" not in drawing


def test_one_ingredient_makes_no_figure(results: Results) -> None:
    rows = [effect("left out", "Huanglian", -30.0, True), effect("left out", "Zhizi", float("nan"), False)]
    section = mixtures_section(replace(results, mixture_effects=made(rows, MIXTURE_EFFECT_COLUMNS)))
    assert section is not None
    assert section.tables[0].figure is None


def test_ranks_of_features_stand_beside_what_chance_gives(results: Results) -> None:
    rows = [
        {"feature": f"peak {place}", "readout": "translocation", "rank": float(place), "rank_low": 1.0, "rank_high": 30.0}
        | {"called": place == 1, "p_value": 0.01, "n_fractions": 9, "correlation": 0.9, "top_share": 0.5}
        for place in range(1, 40)
    ]
    section = mixtures_section(replace(results, ingredients=made(rows, INGREDIENT_COLUMNS)))
    assert section is not None
    figure = section.rankings[0].figure
    assert figure is not None
    drawing = str(figure.drawing)
    assert (drawing.count(' sure"'), drawing.count("unsure")) == (1, 24)
    assert "peak 1 · rank 1 (1 to 30) · correlation 0.90" in drawing
    (line,) = [float(x) for x in re.findall(r'<line x1="([\d.]+)"[^>]*class="border"', drawing)]
    marks = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', drawing)]
    assert marks == sorted(marks)
    assert marks[19] == pytest.approx(line, abs=0.02), "of 39 features chance gives rank 20"


def test_three_compounds_are_cut_at_each_dose_of_the_third_on_one_scale(results: Results) -> None:
    section = combinations_section(three(results, (0.0, 0.3, 3.0)))
    assert section is not None
    (panel,) = section.slices
    assert (panel.name, panel.about, panel.statement) == ("A, B and C", "score 22.0 · synergy", "")
    assert [told for told, _ in panel.slices] == ["without C", "C 0.3 µM", "C 3 µM"]
    drawings = [str(drawing) for _, drawing in panel.slices]
    assert [drawing.count("<rect") for drawing in drawings] == [6, 6, 6]
    assert len({drawing.split('viewBox="')[1].split('"')[0] for drawing in drawings}) == 1
    shades = [{float(one) for one in re.findall(r'fill-opacity="([\d.]+)"', drawing)} for drawing in drawings]
    assert shades == [{0.0}, {0.5}, {1.0}], "0, 5 and 10 percentage points on one scale that reaches to 10"
    assert "A 1 µM · B 2 µM · C 0.3 µM · measured 50.0 % inhibition" in drawings[1]
    assert [one.name for one in section.surfaces] == ["A and B"]


def test_of_many_doses_the_ends_and_some_between_are_drawn(results: Results) -> None:
    section = combinations_section(three(results, tuple(float(dose) for dose in range(1, 10))))
    assert section is not None
    assert [told for told, _ in section.slices[0].slices] == [f"C {dose} µM" for dose in (1, 3, 4, 6, 7, 9)]
    assert section.slices[0].statement == "3 doses of C are not drawn."
