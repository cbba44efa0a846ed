"""Each command does what it says, end to end and small."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fake_job import fake_job
from fake_source import FakeSource
from program_run import Run
from small_screen import write_screen

from coculture.cli.summary import how_to_go_on, summary
from coculture.plate.columns import CELL_COLUMNS
from coculture.run.execute import RunOutcome, execute
from coculture.store.provenance import read_run_json
from coculture.store.tables import read_table


def test_new_writes_a_recipe_that_check_can_read(coculture: Run, tmp_path: Path) -> None:
    recipe = tmp_path / "screen.toml"
    code, told, _ = coculture("new", recipe)
    assert code == 0
    assert told == f"Wrote {recipe}. Edit it, then: coculture check {recipe}\n"
    code, told, _ = coculture("check", recipe)
    assert code == 1
    assert "plate_map.csv" in told
    assert "2 errors, 0 warnings." in told
    assert coculture("new", recipe)[0] == 2


def test_design_writes_a_plate_map_and_keeps_an_old_one(coculture: Run, tmp_path: Path) -> None:
    design, plate_map = tmp_path / "design.toml", tmp_path / "map.xlsx"
    assert coculture("new", design, "-t", "design")[0] == 0
    code, told, _ = coculture("design", design, "-o", plate_map)
    assert code == 0
    assert told == f"Wrote {plate_map}: 50 wells on 1 plates (12 negative, 8 positive, 30 treatment)\n"
    code, _, error = coculture("design", design, "-o", plate_map)
    assert code == 2
    assert "there is such a file already" in error
    assert coculture("design", design, "-o", plate_map, "--overwrite", "--seed", 2)[0] == 0


def test_check_of_a_good_screen(coculture: Run, tmp_path: Path) -> None:
    code, told, _ = coculture("check", write_screen(tmp_path))
    assert code == 0
    assert told.startswith("17 wells on 1 plates")
    assert "tried on small A01 site 1: 1 cells\n" in told
    assert told.endswith("0 errors, 0 warnings. Ready to run.\n")


def test_check_grades_and_counts(coculture: Run, tmp_path: Path) -> None:
    recipe = write_screen(tmp_path)
    recipe.write_text(recipe.read_text().replace('channel = "dna"', 'channel = "dapi"'))
    (tmp_path / "map.csv").write_text((tmp_path / "map.csv").read_text().replace("positive,killer", "negative,killer"))
    code, told, _ = coculture("check", recipe)
    assert code == 1
    assert "error 1: " in told
    assert "warning 2: " in told
    assert told.endswith("1 errors, 1 warnings.\n")


WELLS = """
[screen]
name = "elsewhere"
[source]
kind = "wells"
table = "wells.csv"
[source.columns]
well = "well"
[plate]
layout = 24
[plate.defaults]
dose_unit = "uM"
[[readout]]
name = "viability"
column = "Viab"
direction = "down"
"""


def wells_file(folder: Path) -> Path:
    rows = [f"A0{n},negative,,0,{100 + n}" for n in range(1, 7)] + [f"B0{n},positive,killer,9,{5 + n / 3}" for n in range(1, 5)]
    rows += [f"C0{n},treatment,alpha,{dose},{value}" for n, dose, value in ((1, 1, 99), (2, 1, 101), (3, 9, 30), (4, 9, 33))]
    path = folder / "measured.csv"
    path.write_text("\n".join(["well,role,compound,dose,Viab", *rows]) + "\n")
    return path


def test_analyse_gives_hits_and_a_report(coculture: Run, tmp_path: Path) -> None:
    recipe, results = tmp_path / "screen.toml", tmp_path / "results"
    recipe.write_text(WELLS)
    table = wells_file(tmp_path)
    code, told, error = coculture("analyse", table, "--recipe", recipe)
    assert (code, error) == (0, "")
    assert "Wells:   14 of 14 done" in told
    assert "1. alpha 9 µM: viability down" in told
    assert f"Report:  {results / 'report.html'}" in told
    assert (results / "report.html").stat().st_size > 10_000
    assert read_table(results / "wells.parquet")["viability"].tolist()[:2] == [101, 102]
    assert list(read_run_json(results)["inputs"]) == ["measured.csv"]


def test_analyse_can_be_repeated_with_another_question(coculture: Run, tmp_path: Path) -> None:
    recipe, results = tmp_path / "screen.toml", tmp_path / "results"
    recipe.write_text(WELLS.replace("wells.csv", "measured.csv"))
    wells_file(tmp_path)
    assert coculture("run", recipe, "--quiet", "--no-report") == (0, "", "")
    first = (results / "hits.parquet").read_bytes()
    recipe.write_text(recipe.read_text() + '[analysis]\nnormalise = "robust-z"\n')
    assert coculture("run", recipe, "--quiet", "--no-report") == (0, "", "")
    assert (results / "hits.parquet").read_bytes() != first
    assert 'normalise = "robust-z"' in (results / "recipe.toml").read_text()


def test_check_of_a_table_of_wells(coculture: Run, tmp_path: Path) -> None:
    recipe = tmp_path / "screen.toml"
    recipe.write_text(WELLS.replace("wells.csv", "measured.csv"))
    table = wells_file(tmp_path)
    code, told, _ = coculture("check", recipe)
    assert code == 0
    assert told.startswith(f"14 wells on 1 plates, from {table}\n")


def test_a_table_without_controls_is_refused_before_anything_is_written(coculture: Run, tmp_path: Path) -> None:
    recipe = tmp_path / "screen.toml"
    recipe.write_text(WELLS)
    table = wells_file(tmp_path)
    table.write_text(table.read_text().replace("negative", "untreated"))
    code, _, error = coculture("analyse", table, "--recipe", recipe)
    assert code == 2
    assert "no negative control on elsewhere" in error
    assert not (tmp_path / "results").exists()


def test_report_is_written_again_from_the_folder_alone(coculture: Run, tmp_path: Path) -> None:
    recipe, results, moved = tmp_path / "screen.toml", tmp_path / "results", tmp_path / "moved"
    recipe.write_text(WELLS)
    coculture("analyse", wells_file(tmp_path), "--recipe", recipe, "--quiet")
    first = (results / "report.html").read_bytes()
    (results / "report.html").unlink()
    results.rename(moved)
    assert coculture("report", moved)[:2] == (0, f"Report: {moved / 'report.html'}\n")
    assert (moved / "report.html").read_bytes() == first
    assert coculture("report", moved, "--language", "zh-Hant")[0] == 0
    assert '<html lang="zh-Hant">' in (moved / "report.html").read_text(encoding="utf-8")
    assert "'xx' is not one of 'en', 'zh-Hant'" in coculture("report", moved, "--language", "xx")[2]
    code, _, error = coculture("report", tmp_path / "none")
    assert code == 2
    assert "Traceback" not in error


def test_columns_are_explained(coculture: Run) -> None:
    code, told, _ = coculture("columns")
    assert code == 0
    for column in CELL_COLUMNS:
        assert column.meaning in told
    assert "contact_length_um" not in coculture("columns", "cells")[1]
    code, _, error = coculture("columns", "cell")
    assert code == 2
    assert "there is no table 'cell'" in error


@pytest.fixture
def fake_run(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeSource]:
    """Put a fake source where the recipe's would be."""
    source = {"source": FakeSource()}

    def run_fake(recipe: Path, out: Path, *, images: Path | None, scheduler: str | None, **named: Any) -> RunOutcome:
        assert scheduler is None
        return execute(fake_job(source["source"]), out, **named)

    monkeypatch.setattr("coculture.run.pipeline.run_screen", run_fake)
    return source


def test_run_tells_wells_quality_hits_and_the_report(coculture: Run, fake_run: dict[str, FakeSource], tmp_path: Path) -> None:
    code, told, error = coculture("run", "screen.toml", "-o", tmp_path, "--workers", 1)
    assert (code, error) == (0, "")
    assert "Wells:   24 of 24 done\n" in told
    assert "Quality: ratio: " in told
    assert "1. alpha 9 µM: ratio up, q = " in told
    assert f"Report:  {tmp_path / 'report.html'}\n" in told


def test_run_goes_on_and_ends_with_3_where_wells_fail(coculture: Run, fake_run: dict[str, FakeSource], tmp_path: Path) -> None:
    fake_run["source"] = FakeSource(failing=("C02",))
    code, told, error = coculture("run", "screen.toml", "-o", tmp_path, "--workers", 1)
    assert code == 3
    assert "Wells:   23 of 24 done, 1 failed; 'coculture run' again tries them again:\n  - P1 C02: C02: the well is dry" in told
    assert "P1 C02 failed: C02: the well is dry" in error
    assert (tmp_path / "report.html").exists()
    fake_run["source"] = FakeSource()
    code, told, _ = coculture("run", "screen.toml", "-o", tmp_path, "--workers", 1, "--no-report")
    assert code == 0
    assert "Wells:   24 of 24 done (23 of them before)\n" in told
    assert f"Results: {tmp_path}" in told


def test_quiet_is_quiet(coculture: Run, fake_run: dict[str, FakeSource], tmp_path: Path) -> None:
    command = ("run", "screen.toml", "-o", tmp_path, "--workers", 1, "--quiet", "--no-report")
    assert coculture(*command) == (0, "", "")
    fake_run["source"] = FakeSource(failing=("C02",))
    assert coculture(*command, "--fresh") == (
        3,
        "",
        "1 failed; 'coculture run' again tries them again:\n  - P1 C02: C02: the well is dry\n",
    )


def test_the_way_to_go_on_can_be_pasted() -> None:
    told = how_to_go_on(Path("my screen.toml"), Path("out"), Path("/data/a b"))
    assert told.endswith("\n  coculture run 'my screen.toml' -o out --images '/data/a b'")


def test_a_long_list_of_hits_is_cut(tmp_path: Path) -> None:
    outcome = execute(fake_job(), tmp_path, workers=1)
    many = pd.concat([outcome.result.hits] * 5, ignore_index=True).assign(hit=True)
    told = summary(RunOutcome(tmp_path, _with_hits(outcome.result, many), 24, 0, (), ("a note",)), None)
    assert f"and {len(many) - 10} more in hits.parquet" in told
    assert "Note:    a note" in told


def _with_hits(result: Any, hits: pd.DataFrame) -> Any:
    from dataclasses import replace

    return replace(result, hits=hits)
