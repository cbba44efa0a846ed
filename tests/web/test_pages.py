"""What the pages show of a results folder whose content is known."""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
from pathlib import Path

import pandas as pd
import pytest
from tests.report.made_combined import effect, made, three
from tests.web.conftest import made_wells, write_screen

from coculture.report.language import LANGUAGES
from coculture.report.reading import read_results
from coculture.run.state import note_plan
from coculture.screen.mixture_columns import MIXTURE_EFFECT_COLUMNS
from coculture.screen.normalise.methods import NORMALISATIONS
from coculture.store.spreadsheet import safe_for_spreadsheets
from coculture.store.tables import write_table
from coculture.web.language import catalogue

SCREEN = "/screens/made-screen"


def test_every_screen_is_listed(client) -> None:
    page = client.get("/").text
    assert "A made screen" in page
    assert re.search(r"<dt>wells</dt><dd>192</dd>", page)
    assert "state-done" in page


def test_a_run_that_was_stopped_says_so(screen_folder: Path, tmp_path: Path, ask) -> None:
    copy = tmp_path / "copied"
    shutil.copytree(screen_folder, copy)
    (copy / "run.json").unlink()
    (copy / "ledger.jsonl").write_text(
        '{"plate": "P1", "well": "A01", "status": "done"}\n'
        '{"plate": "P1", "well": "A02", "status": "failed", "reason": "torn file"}\n'
    )
    page = ask([copy]).get("/").text
    assert "state-stopped" in page
    assert "1 wells done" in page
    assert "P1 A02: torn file" in page


def test_a_run_says_how_many_wells_it_is_of(screen_folder: Path, tmp_path: Path, ask) -> None:
    copy = tmp_path / "copied"
    shutil.copytree(screen_folder, copy)
    (copy / "run.json").unlink()
    (copy / "ledger.jsonl").write_text('{"plate": "P1", "well": "A01", "status": "done"}\n')
    (copy / ".lock").write_text(f"process {os.getpid()} on {socket.gethostname()}\n")
    assert "1 wells done" in ask([copy]).get("/").text
    (copy / "work").mkdir()
    note_plan(copy, 96)
    page = ask([copy]).get("/").text
    assert "1 of 96 wells done" in page
    assert 'data-refresh="5"' in page
    (copy / "work" / "planned.json").write_text("{}")
    assert "of 96" not in ask([copy]).get("/").text


def test_replicates_stand_before_other_plates(tmp_path: Path, ask) -> None:
    other = made_wells(("P2",)).assign(compound=lambda wells: wells["compound"].where(wells["compound"] == "", "something else"))
    wells = pd.concat([made_wells(("P1", "P3")), other], ignore_index=True)
    page = ask([write_screen(tmp_path / "three", wells)]).get("/screens/three/plate/P1").text
    assert page.index("Replicates of this plate") < page.index(">P3</a></p>") < page.index("Other plates")
    assert page.index("Other plates") < page.index(">P2</a></p>")


def test_roles_and_verdicts_are_in_the_language_of_the_page(client) -> None:
    english, chinese = (client.get(f"{SCREEN}/plate/P1?lang={tag}").text for tag in ("en", "zh-Hant"))
    assert "negative control: 12" in english
    assert "陰性對照: 12" in chinese
    assert "negative control" not in chinese
    assert "cells per well" not in chinese


def test_a_plate_shows_every_well_and_leads_to_it(client) -> None:
    page = client.get(f"{SCREEN}/plate/P2?readout=mixing").text
    wells = re.findall(rf'<a href="{SCREEN}/plate/P2/well/([A-H]\d\d)"', page)
    assert len(set(wells)) == 96
    assert "Replicates of this plate" in page
    assert client.get(f"{SCREEN}/plate/P9").status_code == 404
    assert client.get(f"{SCREEN}/plate/P1?readout=mixing&scale=nonsense").status_code == 404


@pytest.mark.parametrize("scale", ["raw", "percent_of_control", "robust_z", "mad_robustized", "plate_median"])
def test_the_values_of_a_plate_are_those_of_the_table(client, screen_folder: Path, scale: str) -> None:
    table = pd.read_parquet(screen_folder / "normalised.parquet").set_index(["plate", "well"])
    page = client.get(f"{SCREEN}/plate/P1?readout=mixing&scale={scale}").text
    shown = dict(re.findall(r'well/(\w+)">\1</a></th><td>[^<]*</td><td class="number">([^<]*)</td>', page))
    for well in ("A01", "A06", "H12"):
        assert float(shown[well].replace("−", "-")) == pytest.approx(table.loc[("P1", well), scale], rel=0.006)


def test_every_scale_of_the_screen_room_that_has_values_is_offered_in_both_languages(client, screen_folder: Path) -> None:
    table = pd.read_parquet(screen_folder / "normalised.parquet")
    has_values = [method.column for method in NORMALISATIONS.values() if table[method.column].notna().any()]
    assert {"raw", "z_score", "mad_robustized", "plate_median"} <= set(has_values)
    assert len(has_values) < len(NORMALISATIONS)  # some take long and were not asked for
    page = client.get(f"{SCREEN}/plate/P1?readout=mixing").text
    offered = re.search(r'<select name="scale">(.*?)</select>', page, re.DOTALL)
    assert offered is not None
    assert re.findall(r'value="(\w+)"', offered[1]) == has_values
    for language in LANGUAGES:
        assert {f"scale.{method.column}" for method in NORMALISATIONS.values()} <= set(catalogue(language))


def test_hits_are_filtered_and_sorted(client) -> None:
    first = client.get(f"{SCREEN}/hits").text
    assert "21 treatments" in first
    assert re.findall(r'compound\?name=compound%20(\d+)"', first)[0] == "5"
    only = client.get(f"{SCREEN}/hits?only_hits=true").text
    assert re.findall(r'compound\?name=compound%20(\d+)"', only) == ["5"]
    falling = client.get(f"{SCREEN}/hits?sort=effect&falling=true").text
    assert re.findall(r'compound\?name=compound%20(\d+)"', falling)[-1] == "5"
    assert "1 treatments" in client.get(f"{SCREEN}/hits?contains=POUND 13").text


def test_the_same_rows_leave_as_files(client, screen_folder: Path) -> None:
    whole = pd.read_parquet(screen_folder / "hits.parquet")
    answer = client.get(f"{SCREEN}/hits.parquet?contains=compound 1")
    table = pd.read_parquet(io.BytesIO(answer.content))
    assert set(table["compound"]) == {name for name in whole["compound"] if name.startswith("compound 1")}
    text = pd.read_csv(io.StringIO(client.get(f"{SCREEN}/hits.csv").text))
    assert len(text) == len(whole)
    assert "attachment" in answer.headers["content-disposition"]


def test_a_spreadsheet_computes_nothing() -> None:
    table = pd.DataFrame({"compound": ["=1+1", "@x", "-x", "plain"], "effect": [-1.0, 2.0, 3.0, 4.0]})
    assert safe_for_spreadsheets(table)["compound"].tolist() == ["'=1+1", "'@x", "'-x", "plain"]
    assert safe_for_spreadsheets(table)["effect"].tolist() == [-1.0, 2.0, 3.0, 4.0]


def test_a_class_is_a_place(client) -> None:
    page = client.get(f"{SCREEN}/classes").text
    assert len(re.findall(r'<a href="/screens/made-screen/compound\?name=compound%20\d+" aria-label="compound', page)) == 21
    assert 'class="drawing classes"' in page
    assert "interaction-specific" in page


def test_pages_in_chinese(client) -> None:
    answer = client.get(f"{SCREEN}/hits?lang=zh-Hant")
    assert 'lang="zh-Hant"' in answer.text
    assert "命中" in answer.text
    assert "coculture-language=zh-Hant" in answer.headers["set-cookie"]


def test_a_folder_copied_elsewhere_is_shown_alike(screen_folder: Path, tmp_path: Path, ask, client) -> None:
    copy = tmp_path / "elsewhere" / "made screen"
    shutil.copytree(screen_folder, copy)
    for address in (f"{SCREEN}/plate", f"{SCREEN}/hits"):
        assert ask([copy]).get(address).text == client.get(address).text


def test_pages_change_nothing(screen_folder: Path, ask) -> None:
    before = {path: path.stat().st_mtime_ns for path in screen_folder.rglob("*")}
    browser = ask([screen_folder])
    for address in ("/", f"{SCREEN}/plate", f"{SCREEN}/hits", f"{SCREEN}/classes", f"{SCREEN}/hits.csv"):
        assert browser.get(address).status_code == 200
    assert {path: path.stat().st_mtime_ns for path in screen_folder.rglob("*")} == before


def test_a_compound_leads_from_its_effects_to_its_wells(client) -> None:
    page = client.get(f"{SCREEN}/compound?name=compound 5").text
    assert set(re.findall(rf'<a href="{SCREEN}/plate/(P\d)/well/\w\d\d">', page)) == {"P1", "P2"}
    assert "is-hit" in page
    assert client.get(f"{SCREEN}/compound?name=nobody").status_code == 404
    assert client.get(f"{SCREEN}/compound").status_code == 400


def test_a_herb_has_its_chinese_pinyin_and_latin_names(screen_folder: Path, tmp_path: Path, ask) -> None:
    copy = tmp_path / "herbal"
    shutil.copytree(screen_folder, copy)
    wells = pd.read_parquet(copy / "wells.parquet")
    write_table(wells.assign(compound=wells["compound"].replace("compound 5", "Huang Lian")), copy / "wells.parquet")
    page = ask([copy]).get("/screens/herbal/compound", params={"name": "Huang Lian", "lang": "zh-Hant"}).text
    assert "黃連" in page
    assert "Coptis chinensis" in page


def test_ingredients_and_three_compounds_are_drawn_as_in_the_report(screen_folder: Path, tmp_path: Path, ask) -> None:
    copy = tmp_path / "mixed"
    shutil.copytree(screen_folder, copy)
    herbs = [effect("left out", "Huanglian", -30.0, True), effect("left out", "Zhizi", -2.0, False)]
    triple = three(read_results(copy), (1.0, 3.0))
    write_table(made(herbs, MIXTURE_EFFECT_COLUMNS), copy / "mixture_effects.parquet")
    write_table(triple.combinations, copy / "combinations.parquet")
    write_table(triple.surfaces, copy / "surfaces.parquet")
    page = ask([copy]).get("/screens/mixed/mixtures").text
    assert page.count('class="drawing ranked"') == 1
    assert page.count('class="drawing synergy-surface"') == 3
    assert page.count('<div class="slices"') == 1
    assert "成分依效應大小排列" in ask([copy]).get("/screens/mixed/mixtures?lang=zh-Hant").text


def test_a_screen_without_mixtures_says_so(client) -> None:
    assert "no formula" in client.get(f"{SCREEN}/mixtures").text
