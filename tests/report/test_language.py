"""Both languages say everything, with the same places, and nothing of a Chinese page is left in English."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from string import Formatter

import pandas as pd
import pytest
from left_in_english import left_in_english, names_in
from made_combined import combined, effect, made
from spoken_texts import PACKAGE, spoken_texts
from written_reasons import written_reasons

from coculture.errors import FileError, InputError
from coculture.report import language
from coculture.report.language import FOLDER, LANGUAGES, TOLD, USUAL, mark, retell, say, speaking, texts
from coculture.report.pages import make_page, render, write_report
from coculture.report.reading import Results, read_results
from coculture.report.words.numbers import count, listed, paragraph, span
from coculture.screen.mixture_columns import INGREDIENT_COLUMNS, MIXTURE_EFFECT_COLUMNS

OTHERS = [tag for tag in LANGUAGES if tag != USUAL]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def told(tag: str) -> dict[str, str]:
    return tomllib.loads((FOLDER / tag / TOLD).read_text(encoding="utf-8"))


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("tag", OTHERS)
def test_every_text_is_translated_and_every_translation_is_used(tag: str) -> None:
    said, known = spoken_texts(), set(texts(tag))
    missing = {text: where for text, where in said.items() if text not in known}
    assert not missing
    assert not known - set(said) - set(told(tag))


@pytest.mark.parametrize("tag", OTHERS)
def test_a_translation_has_the_places_of_its_text(tag: str) -> None:
    for english, other in texts(tag).items():
        assert places(english) == places(other), english
        assert other.strip() or english == " ", english


@pytest.mark.parametrize("tag", OTHERS)
def test_what_tables_tell_is_still_written_by_the_code(tag: str) -> None:
    written = "\n".join(_constants())
    gone = [text for text in told(tag) if max(re.split(r"\{\w+\}", text), key=len).strip(" ,:()") not in written]
    assert not gone


def _constants() -> Iterator[str]:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value.replace("-", " ").replace("_", " ") + "\n" + node.value


def test_the_terms_of_the_glossary_are_those_that_are_said() -> None:
    page = (PACKAGE.parents[1] / "docs" / "glossary.md").read_text(encoding="utf-8").split("## In Traditional Chinese")[1]
    terms = [term for row in re.findall(r"^\|[^|]+\| ([^|]+) \|$", page, re.MULTILINE)[1:] for term in row.split("、")]
    assert len(terms) > 30
    said = "\n".join(texts("zh-Hant").values())
    assert [term for term in terms if term not in said] == []


NOT_SHOWN = frozenset(
    {
        *("contrast with the whole and with nothing, noise between wells of a run", "least squares", "leave one fraction out"),
        *("contrasts of runs, noise between wells of a run", "forward selection with permutation stop", "robust z of one well"),
        *("candidate pair", "pair interaction"),
        "the design has neither the whole with ingredients left out nor ingredients alone with nothing",
    }
)
"""Names of methods and kinds, and an error, which no page shows as they are."""

PARTS = frozenset(
    {
        *("7 7 reads 7 than the plate", "at step 7 (", "between step 7 and 7 (7; ", "has no value to compare"),
        *("not judged as interaction: ", "too few replicates tell how it follows the counts"),
        ", and without it 7 of 7 called features stay called",
    }
)
"""Parts of reasons that are told as wholes."""


def test_every_reason_that_the_analysis_writes_is_known() -> None:
    written = set(written_reasons())
    assert len(written) > 60
    assert written >= NOT_SHOWN | PARTS
    with speaking("zh-Hant"):
        again = {text: retell(text) for text in written - NOT_SHOWN - PARTS}
    kept = re.compile(r"robust Z|EC50|AICc")
    left = [text for text, chinese in again.items() if re.search(r"[A-Za-z]{3,}", kept.sub("", chinese))]
    assert left == []


def test_english_is_said_as_it_stands_and_a_new_text_too() -> None:
    assert say("{n} plates, in order of name", n=3) == "3 plates, in order of name"
    with speaking("zh-Hant"):
        assert say("{n} plates, in order of name", n=3) == "3 個孔盤，依名稱排序"
        assert say("A text of {name}.", name="tomorrow") == "A text of tomorrow."
        assert mark("rank") == "rank"
    assert language.language() == USUAL


def test_numbers_are_worded_as_each_language_words_them() -> None:
    assert (count(1, "plate"), count(1200, "plate"), listed(["a", "b", "c"])) == ("1 plate", "1,200 plates", "a, b and c")
    assert (span("1", "2"), paragraph(["One.", "", "Two."])) == ("1 to 2", "One. Two.")
    with speaking("zh-Hant"):
        assert (count(1, "plate"), count(1200, "plate"), listed(["a", "b", "c"])) == ("1 個孔盤", "1,200 個孔盤", "a、b與 c")
        assert (span("1", "2"), paragraph(["一。", "", "二。"])) == ("1 至 2", "一。二。")
        assert count(2, "unheard thing") == "2 unheard things"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Z′ 0.31 is between 0 and 0.5: replicates are needed", "Z′ 0.31 介於 0 與 0.5 之間：需要重複"),
        ("no positive control; the negative controls vary by 22 %", "沒有陽性對照；陰性對照的變異為 22 %"),
        ("the negative controls lie 4.1 robust SD above those of the other plates", "陰性對照高於其他孔盤者 4.1 個穩健標準差"),
        ("4.2 µM (95 %: 3.9 to 4.6)", "4.2 µM（95 %：3.9 至 4.6）"),
        ("not judged: its wells have no spread that could be tested", "未判定：其孔沒有可檢定的變異"),
        ("a remark that nobody foresaw", "a remark that nobody foresaw"),
        ("", ""),
    ],
)
def test_reasons_of_tables_are_told_again(english: str, chinese: str) -> None:
    assert retell(english) == english
    with speaking("zh-Hant"):
        assert retell(english) == chinese


def test_a_language_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError, match=r"there is no language 'xx'\n  → use one of: en, zh-Hant"), speaking("xx"):
        pass


def test_a_text_that_stands_twice_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / "xx").mkdir(exist_ok=True)
        (tmp_path / "xx" / f"{name}.toml").write_text('"rank" = "x"\n')
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    with pytest.raises(FileError, match=r"the text 'rank' stands in another file too"):
        texts("xx")


def full(plate: Path) -> Results:
    """Return a plate with images, controls, curves, combinations, a formula, ranked features, profiles, contacts and classes."""
    results = combined(read_results(plate))
    asked = {"fdr": 0.1, "methods": ["correlation", "vip"], "top": 5}
    herbs = [
        effect("whole", "", -60.0, True, shown="the whole"),
        effect("left out", "Huangqin", -2.0, False, formula_role="臣", reading="no effect seen"),
        effect("alone", "Huanglian", -30.0, True, formula_role="君", reading="needed and sufficient"),
    ]
    ranked = [
        {"feature": name, "readout": "nuclear_ratio", "rank": float(place), "rank_low": 1.0, "rank_high": 9.0, "top_share": 0.8}
        | {"jackknife_low": 1.0, "jackknife_high": 4.0, "correlation": 0.9, "p_value": 0.01, "family_p_value": 0.04}
        | {"called": place == 1, "n_fractions": 12}
        for place, name in enumerate(("baicalin", "berberine", "geniposide"), start=1)
    ]
    numbers = {f"well_{kind}_a_b": 2.0 for kind in ("enrichment_z", "enrichment_log2", "contacts")}
    numbers |= {f"well_{kind}_{one}_{one}": -1.0 for kind in ("enrichment_z", "contacts") for one in "ab"}
    hits = results.hits.assign(interaction_class="cytotoxic", viability_effect=-50.0, viability_low=-60.0, viability_high=-40.0)
    active = pd.DataFrame({"question": "activity", "compound": ["wortmannin", "LY294002"], "dose": 1.0, "dose_unit": "step"})
    active = active.assign(
        condition="", group="", n_profiles=3, mean_average_precision=0.9, p_value=0.01, q_value=0.02, call=True
    )
    return replace(
        results,
        wells=results.wells.assign(**numbers),
        hits=hits,
        mixture_effects=made(herbs, MIXTURE_EFFECT_COLUMNS),
        ingredients=made(ranked, INGREDIENT_COLUMNS),
        profile_activity=active,
        settings={**results.settings, "mixture": asked},
    )


def test_no_english_is_left_in_a_chinese_report(plate: Path) -> None:
    results = full(plate)
    with speaking("zh-Hant"):
        page = render(make_page(results))
    assert '<html lang="zh-Hant">' in page
    sections = re.findall(r'<section id="(\w+)"', page)
    assert {"classes", "combinations", "mixtures", "profiles", "contacts", "curves", "images", "fields"} <= set(sections)
    assert left_in_english(page, names_in(results)) == {}


def test_the_search_for_english_finds_it() -> None:
    page = '<html lang="zh-Hant"><p>孔盤 <b>is</b> drawn</p><svg aria-label="Colour of 3 µM"></svg>'
    page += '<i lang="en">kept</i> wortmannin</html>'
    assert set(left_in_english(page, ["wortmannin"])) == {"is", "drawn", "Colour", "of"}


def test_labels_of_figures_are_texts_in_the_language_of_the_page(plate: Path) -> None:
    with speaking("zh-Hant"):
        page = render(make_page(full(plate)))
    labels = re.findall(r"<text[^>]*>([^<]+)</text>", page)
    assert {"對照", "陰性", "陽性", "劑量階數（有序）", "接觸少於隨機"} <= set(labels)
    assert "font-family" not in page.split("</style>")[1]


def test_the_report_is_written_in_the_language_asked_for_else_in_that_of_the_recipe(plate: Path, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    copytree(plate, folder)
    assert '<html lang="en">' in write_report(folder).read_text(encoding="utf-8")
    assert CHINESE.search(write_report(folder, "zh-Hant").read_text(encoding="utf-8").split("</style>")[1])
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    run["settings"].setdefault("report", {})["language"] = "zh-Hant"
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
    assert '<html lang="zh-Hant">' in write_report(folder).read_text(encoding="utf-8")
    assert '<html lang="en">' in write_report(folder, "en").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="there is no language 'xx'"):
        write_report(folder, "xx")
