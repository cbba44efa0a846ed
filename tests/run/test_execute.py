"""A run in its folder: the same bytes however many workers, failures told, resumed, refused."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest
from fake_job import RECIPE, fake_job
from fake_source import FakeSource, fake_map
from result_bytes import bytes_of

from coculture.errors import DataError, FileError, InputError
from coculture.run.execute import execute
from coculture.run.ledger import read_ledger
from coculture.run.lock import only_run_in
from coculture.store.images.plate import plate_images_path, plate_wells
from coculture.store.provenance import read_run_json
from coculture.store.tables import read_table, wells_with

pytestmark = pytest.mark.usefixtures("fork_server")

WITH_IMAGES = RECIPE.replace("images = false", "images = true")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = tmp_path_factory.mktemp("undisturbed") / "results"
    execute(fake_job(FakeSource(with_images=True), WITH_IMAGES), results, workers=1)
    return results


def observed(log: Path) -> list[str]:
    return log.read_text().split() if log.exists() else []


def test_a_run_finds_what_was_planted(tmp_path: Path) -> None:
    outcome = execute(fake_job(), tmp_path / "deep" / "results", workers=1)
    assert (outcome.n_wells, outcome.n_before, outcome.failed) == (24, 0, ())
    hits = outcome.result.hits
    assert set(hits.loc[hits["hit"], "compound"]) == {"alpha", "beta"}
    wells = read_table(outcome.results / "wells.parquet")
    assert wells.columns[:2].tolist() == ["plate", "well"]
    assert wells["well"].tolist() == fake_map().wells["well"].tolist()
    assert wells["n_flagged_fields"].tolist() == [0] * 24
    assert list(wells_with(outcome.results, "fields")) == list(wells_with(outcome.results, "cells"))
    assert not any(name.name.startswith(".tmp-") for name in outcome.results.rglob("*"))


def test_two_workers_give_the_bytes_of_one(undisturbed: Path, tmp_path: Path) -> None:
    execute(fake_job(FakeSource(with_images=True), WITH_IMAGES), tmp_path, workers=2)
    assert bytes_of(tmp_path) == bytes_of(undisturbed)
    assert plate_wells(plate_images_path(tmp_path, "P1")) == fake_map().wells["well"].tolist()


@pytest.mark.parametrize("workers", [1, 2])
def test_wells_that_fail_are_told_and_done_again(undisturbed: Path, tmp_path: Path, workers: int) -> None:
    troubled = FakeSource(failing=("A04",), broken=("B02",), with_images=True)
    outcome = execute(fake_job(troubled, WITH_IMAGES), tmp_path, workers=workers)
    reasons = {line.well: line.reason for line in outcome.failed}
    assert reasons == {"A04": "A04: the well is dry", "B02": "unexpected ZeroDivisionError: a fault"}
    assert "_misbehave" in next(line.trace for line in outcome.failed if line.well == "B02")
    assert set(fake_map().wells["well"]) - set(read_table(tmp_path / "wells.parquet")["well"]) == {"A04", "B02"}
    assert "P1 A04 failed and is in no table: A04: the well is dry" in read_run_json(tmp_path)["notes"]
    log = tmp_path.parent / f"log{workers}"
    mended = execute(fake_job(FakeSource(with_images=True, log=log), WITH_IMAGES), tmp_path, workers=workers)
    assert sorted(observed(log)) == ["A04", "B02"]
    assert (mended.n_before, mended.failed) == (22, ())
    assert bytes_of(tmp_path) == bytes_of(undisturbed)


def test_a_well_that_kills_its_worker_fails_alone(tmp_path: Path) -> None:
    outcome = execute(fake_job(FakeSource(deadly=("C01",))), tmp_path, workers=2)
    assert [(line.well, line.status) for line in outcome.failed] == [("C01", "failed")]
    assert "died twice" in outcome.failed[0].reason
    assert len(read_table(tmp_path / "wells.parquet")) == 23


def test_where_every_well_fails_the_reason_is_told(tmp_path: Path) -> None:
    names = tuple(fake_map().wells["well"])
    with pytest.raises(DataError, match=r"P1 A01: no well could be done; the first to fail said: A01: the well is dry"):
        execute(fake_job(FakeSource(failing=names)), tmp_path, workers=1)
    assert len(read_ledger(tmp_path / "ledger.jsonl")) == 24


def damage(results: Path, what: str) -> None:
    cells = results / "cells" / "plate=P1" / "well=A01.parquet"
    if what == "a table is gone":
        cells.unlink()
    elif what == "a table is cut":
        cells.write_bytes(cells.read_bytes()[:-7])
    elif what == "images are gone":
        shutil.rmtree(plate_images_path(results, "P1") / "A")
    elif what == "numbers are gone":
        (results / "work" / "wells" / "plate=P1" / "well=A01.json").unlink()
    elif what == "final tables are gone":
        (results / "wells.parquet").unlink()
        (results / "run.json").unlink()


@pytest.mark.parametrize(
    ("what", "redone"),
    [
        ("nothing", []),
        ("a table is gone", ["A01"]),
        ("a table is cut", ["A01"]),
        ("images are gone", ["A01", "A02", "A03", "A04", "A05", "A06"]),
        ("numbers are gone", ["A01"]),
        ("final tables are gone", []),
    ],
)
def test_what_is_damaged_is_done_again_and_nothing_else(undisturbed: Path, tmp_path: Path, what: str, redone: list[str]) -> None:
    results, log = tmp_path / "results", tmp_path / "log"
    shutil.copytree(undisturbed, results)
    damage(results, what)
    execute(fake_job(FakeSource(with_images=True, log=log), WITH_IMAGES), results, workers=1)
    assert observed(log) == redone
    assert bytes_of(results) == bytes_of(undisturbed)


def test_another_recipe_is_refused_and_says_what_differs(undisturbed: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    shutil.copytree(undisturbed, results)
    before = bytes_of(results)
    other = WITH_IMAGES.replace("seed = 3", "seed = 4").replace('direction = "up"', 'direction = "down"')
    with pytest.raises(InputError) as caught:
        execute(fake_job(FakeSource(), other), results, workers=1)
    first, second = map(str, caught.value.problems)
    assert "the recipe's readout[1].direction was 'up' when this run began and is 'down' now" in first
    assert "the recipe's screen.seed was 3 when this run began and is 4 now" in second
    assert "-o" in first
    assert "--fresh" in first
    assert bytes_of(results) == before


def test_other_inputs_are_refused(undisturbed: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    shutil.copytree(undisturbed, results)
    job = fake_job(FakeSource(), WITH_IMAGES)
    changed = job.state.__class__(job.state.version, job.state.recipe, "other")
    with pytest.raises(InputError, match="images or plate map are not those this run began with"):
        execute(job.__class__(job.recipe, job.source, changed), results, workers=1)
    older = job.state.__class__("0.0.1", job.state.recipe, job.state.inputs)
    with pytest.raises(InputError, match=r"began with coculture 0\.1\.0, this is 0\.0\.1"):
        execute(job.__class__(job.recipe, job.source, older), results, workers=1)


def test_analysis_may_change_without_doing_wells_again(undisturbed: Path, tmp_path: Path) -> None:
    results, log, new = tmp_path / "results", tmp_path / "log", tmp_path / "new"
    shutil.copytree(undisturbed, results)
    stricter = WITH_IMAGES + "[analysis]\nfdr = 0.001\n"
    execute(fake_job(FakeSource(with_images=True, log=log), stricter), results, workers=1)
    assert observed(log) == []
    execute(fake_job(FakeSource(with_images=True), stricter), new, workers=1)
    assert bytes_of(results) == bytes_of(new)


def test_fresh_starts_over_and_removes_only_what_is_ours(undisturbed: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    shutil.copytree(undisturbed, results)
    (results / "my notes.txt").write_text("mine")
    other = RECIPE.replace("seed = 3", "seed = 4")
    outcome = execute(fake_job(FakeSource(), other), results, workers=1, fresh=True)
    assert outcome.n_before == 0
    assert not (results / "images").exists()
    assert (results / "my notes.txt").read_text() == "mine"


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_of_other_things_is_never_touched(tmp_path: Path, fresh: bool) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "raw.tif").write_text("precious")
    with pytest.raises(FileError, match="this folder holds files that no run began"):
        execute(fake_job(), tmp_path, workers=1, fresh=fresh)
    assert (tmp_path / "images" / "raw.tif").read_text() == "precious"


def test_two_runs_in_one_folder_are_refused(tmp_path: Path) -> None:
    with only_run_in(tmp_path), pytest.raises(FileError, match=f"another run is writing here .process {os.getpid()}"):
        execute(fake_job(), tmp_path, workers=1)


def test_images_that_change_under_a_run_are_noticed(tmp_path: Path) -> None:
    image, results = tmp_path / "images" / "a.tif", tmp_path / "results"
    image.parent.mkdir()
    image.write_bytes(b"one")
    plain = fake_job()
    job = plain.__class__(plain.recipe, plain.source, plain.state, {("P1", "A01"): ("a.tif",)}, image.parent)
    execute(job, results, workers=1)
    assert read_run_json(results)["inputs"] == {"a.tif": hashlib.sha256(b"one").hexdigest()}
    image.write_bytes(b"two")
    with pytest.raises(InputError, match=r"a.tif has changed since this run began(.|\n)*--fresh"):
        execute(job, results, workers=1)
    image.write_bytes(b"one")
    assert execute(job, results, workers=1).n_before == 24
