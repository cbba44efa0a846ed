"""Whatever byte of a results folder changes, and whatever is lost, added or swapped, ``coculture verify`` says so by name."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kept_folders
import pytest
from program_run import Run

from coculture.run import finish
from coculture.run.pipeline import run_screen
from coculture.run.verify import AGAIN, REPORT_AGAIN, verify_results
from coculture.store.checksums import RECORDS, UNSEEN, hash_folder, hash_parts, image_part, parts_of
from coculture.store.provenance import note_file, read_run_json
from coculture.store.seal import PLACEHOLDER, seal_holds, sealed

KINDS = ("imaged", "virtual", "table")


@pytest.fixture(scope="module")
def recipes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {kind: getattr(kept_folders, kind)(tmp_path_factory.mktemp(kind)) for kind in ("imaged", "virtual")}


@pytest.fixture(scope="module")
def finished(recipes: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the results folder of each kind; tests change copies only."""
    made = {kind: kept_folders.run_and_report(recipe) for kind, recipe in recipes.items()}
    return made | {"table": kept_folders.table(tmp_path_factory.mktemp("table"))}


@pytest.fixture
def copy_of(finished: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    return lambda kind: Path(shutil.copytree(finished[kind], tmp_path / kind))


def files_of(results: Path) -> Iterator[Path]:
    """Yield every file that is not empty and no lock."""
    files = sorted(path for path in results.rglob("*") if path.is_file() and path.name not in UNSEEN)
    yield from (path for path in files if path.stat().st_size)


def flip(path: Path, moments: random.Random) -> bytes:
    """Flip one bit of a file at a random place; return what the file held."""
    content = path.read_bytes()
    place = moments.randrange(len(content))
    path.write_bytes(content[:place] + bytes([content[place] ^ 1 << moments.randrange(8)]) + content[place + 1 :])
    return content


def told_by(results: Path) -> dict[str, str]:
    """Return what differs: kind by name relative to the folder."""
    found = verify_results(results).differences
    assert all(one.problem.what and one.problem.remedy for one in found)
    prefix = f"{results}/"
    return {one.problem.where.removeprefix(prefix): one.kind for one in found}


@pytest.mark.parametrize("kind", KINDS)
def test_an_untouched_folder_and_its_copy_are_whole(
    kind: str, finished: dict[str, Path], copy_of: Callable[[str], Path], coculture: Run
) -> None:
    for folder in (finished[kind], copy_of(kind)):
        found = verify_results(folder)
        assert (found.differences, found.not_of_the_run) == ((), ())
        assert found.n_parts == len(parts_of(folder))
        code, told, error = coculture("verify", folder)
        assert (code, error) == (0, "")
        assert f"All {found.n_parts} files are as the run left them" in told


def test_the_folders_hold_every_kind_of_file(finished: dict[str, Path]) -> None:
    names = {kind: {path.relative_to(folder).parts[0] for path in files_of(folder)} for kind, folder in finished.items()}
    assert names["imaged"] >= {"cells", "contacts", "fields", "images", "prepared", "work", "ledger.jsonl", "screen.duckdb"}
    assert names["virtual"] >= {"courses", "doses", "medium", "rendered", "images", "report.html", "recipe.toml", "run.json"}
    assert names["table"] >= {"wells.parquet", "hits.parquet", "curves.parquet", "report.html", "run.json", "work"}


@pytest.mark.parametrize("kind", KINDS)
def test_one_flipped_bit_in_each_file_is_told_by_the_name_of_each(kind: str, copy_of: Callable[[str], Path]) -> None:
    results, moments = copy_of(kind), random.Random(9)
    parts = [name.rstrip("/") for name in parts_of(results) if name != "run.json"]
    for path in files_of(results):
        if path.name != "run.json":
            flip(path, moments)
    assert told_by(results) == dict.fromkeys(parts, "changed")


@pytest.mark.parametrize("kind", ["imaged", "virtual"])
def test_each_file_of_a_wells_images_counts(kind: str, copy_of: Callable[[str], Path]) -> None:
    results, moments = copy_of(kind), random.Random(10)
    told = read_run_json(results)["outputs"]
    images = [path for path in files_of(results) if image_part(path.relative_to(results).as_posix())]
    assert len(images) > 20
    for path in images:
        part = image_part(path.relative_to(results).as_posix())
        content = flip(path, moments)
        assert hash_folder(results / part) != told[part]
        path.write_bytes(content)
    assert told_by(results) == {}


def test_every_byte_of_run_json_and_of_a_report_counts(copy_of: Callable[[str], Path]) -> None:
    results, moments = copy_of("table"), random.Random(11)
    page, run = results / "report.html", results / "run.json"
    page.write_text("<p>a very short report</p>\n" * 20)
    note_file(results, page.name)
    assert told_by(results) == {}
    noted, content = read_run_json(results)["records"]["report.html"], page.read_bytes()
    for place in range(len(content)):
        page.write_bytes(content[:place] + bytes([content[place] ^ 1 << moments.randrange(8)]) + content[place + 1 :])
        assert dict(hash_parts(results, [page.name])) != {page.name: noted}
    page.write_bytes(content)
    whole = run.read_bytes()
    for place in range(len(whole)):
        assert not seal_holds(whole[:place] + bytes([whole[place] ^ 1 << moments.randrange(8)]) + whole[place + 1 :])
    for _ in range(200):
        flip(run, moments)
        assert told_by(results) == {"run.json": "changed"}
        run.write_bytes(whole)
    for other in (whole[:-1], whole + b"\n", b"", whole[: len(whole) // 2]):
        run.write_bytes(other)
        assert told_by(results) == {"run.json": "changed"}


def test_every_bit_of_a_seal_counts() -> None:
    text = sealed(f'{{\n  "name": "süß",\n  "seal": "{PLACEHOLDER}"\n}}\n')
    assert seal_holds(text)
    assert not seal_holds(b'{"name": "x"}\n')
    for place in range(len(text)):
        for bit in range(8):
            assert not seal_holds(text[:place] + bytes([text[place] ^ 1 << bit]) + text[place + 1 :])


def test_lost_added_cut_and_swapped_files_are_told(copy_of: Callable[[str], Path], coculture: Run) -> None:
    results = copy_of("virtual")
    (results / "hits.parquet").unlink()
    (results / "report.html").unlink()
    wells = results / "cells" / "plate=virtual"
    first, second = sorted(wells.iterdir())[:2]
    swapped = first.read_bytes(), second.read_bytes()
    first.write_bytes(swapped[1])
    second.write_bytes(swapped[0])
    table = results / "quality.parquet"
    table.write_bytes(table.read_bytes()[:-7])
    plate = next((results / "images").iterdir())
    image = next(path for path in plate.rglob("c/**/*") if path.is_file())
    image.unlink()
    (results / "cells" / "plate=virtual" / "well=Z99.parquet").write_bytes(b"")
    (results / "my notes.txt").write_text("seen by me")
    part = image_part(image.relative_to(results).as_posix())
    tables = [f"cells/plate=virtual/{path.name}" for path in (first, second)]
    changed = dict.fromkeys(("quality.parquet", part.rstrip("/"), *tables), "changed")
    lost = dict.fromkeys(("hits.parquet", "report.html"), "missing")
    assert told_by(results) == changed | lost | {"cells/plate=virtual/well=Z99.parquet": "added"}
    code, told, error = coculture("verify", results)
    assert (code, error) == (1, "")
    for name in (*changed, *lost, "well=Z99.parquet: is not of this run\n  → remove it", "not of the run: my notes.txt"):
        assert name in told
    for words in ("added ", "holds a file that was changed, added or lost", "run the recipe again", "coculture report"):
        assert words in told
    assert told.endswith("7 differences.\n")
    shutil.rmtree(plate)
    assert told_by(results)[part.rstrip("/")] == "missing"


@pytest.mark.parametrize("kind", ["imaged", "virtual"])
def test_running_the_recipe_again_mends_what_is_said_to_be_mended_so(
    kind: str, recipes: dict[str, Path], copy_of: Callable[[str], Path]
) -> None:
    results, moments = copy_of(kind), random.Random(12)
    before = read_run_json(results)["outputs"]
    for path in files_of(results):
        name = path.relative_to(results).as_posix()
        if name not in ("run.json", "ledger.jsonl", "work/begun.json"):
            flip(path, moments)
    assert {one.problem.remedy for one in verify_results(results).differences} == {AGAIN, REPORT_AGAIN}
    run_screen(recipes[kind], results, workers=1)
    assert set(told_by(results)) == {"report.html"}
    assert read_run_json(results)["outputs"] == before


def test_what_is_done_with_results_leaves_them_whole(copy_of: Callable[[str], Path], coculture: Run) -> None:
    from starlette.testclient import TestClient

    from coculture.web.app import create_app

    results = copy_of("imaged")
    page = (results / "report.html").read_bytes()
    assert coculture("report", results)[0] == 0
    assert (results / "report.html").read_bytes() == page
    assert coculture("export", results, results / "cells.csv")[0] == 0
    assert coculture("movie", results, "A01", "-o", results / "a01.png", "--size", "100")[0] == 0
    app = create_app([results])
    (name,) = app.state.library.screens()
    visitor = TestClient(app, base_url="http://localhost")
    for where in ("", "/hits", "/plates", "/cells"):
        visitor.get(f"/screens/{name}{where}")
    import duckdb

    with duckdb.connect(str(results / "screen.duckdb")) as connection:
        connection.execute("SELECT view_name FROM duckdb_views()").fetchall()
    code, told, _ = coculture("verify", results)
    assert code == 0, told
    assert "not of the run: a01.png\nnot of the run: cells.csv\n" in told
    (results / "report.html").write_text("another page")
    assert told_by(results) == {"report.html": "changed"}
    assert coculture("report", results)[0] == 0
    assert told_by(results) == {}


def test_a_report_does_not_seal_an_account_that_is_not_sound(copy_of: Callable[[str], Path], coculture: Run) -> None:
    results = copy_of("table")
    run = results / "run.json"
    run.write_bytes(run.read_bytes().replace(b'"seed": 1', b'"seed": 2'))
    assert coculture("report", results)[0] == 0
    assert told_by(results) == {"run.json": "changed"}


def test_a_run_that_was_stopped_while_it_finished_is_told_as_not_finished(
    recipes: dict[str, Path], copy_of: Callable[[str], Path], coculture: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def struck(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    results = copy_of("imaged")
    for step in ("write_run_json", "build_index", "analyse"):
        with monkeypatch.context() as patched:
            patched.setattr(finish, step, struck)
            with pytest.raises(KeyboardInterrupt):
                run_screen(recipes["imaged"], results, workers=1)
        code, _, told = coculture("verify", results)
        assert code == 2
        assert f"not finished: a run is writing here (process {os.getpid()})" in told
        (results / ".lock").write_text("process 4999999 on elsewhere\n")
        code, _, told = coculture("verify", results)
        assert code == 2
        assert "not finished: a run was begun here and stopped before it wrote run.json" in told
        assert "run the recipe again" in told
    run_screen(recipes["imaged"], results, workers=1)
    assert set(told_by(results)) == {"report.html"}  # that of the run before


def test_what_is_no_finished_results_folder_is_told(copy_of: Callable[[str], Path], coculture: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    cases = {"empty": "holds no run.json", "file": "is no folder", "none": "there is no such results folder"}
    for name, words in cases.items():
        code, _, told = coculture("verify", tmp_path / name)
        assert (code, words in told, "name the folder that 'coculture run' wrote" in told) == (2, True, True), told
    results = copy_of("table")
    run = json.loads((results / "run.json").read_bytes())
    (results / "run.json").write_text(json.dumps({key: run[key] for key in run if key not in ("records", "seal")}, indent=2))
    code, _, told = coculture("verify", results)
    assert code == 2
    assert "an earlier version made this folder and took no checksums of all its files" in told


def test_what_may_not_be_read_is_told(copy_of: Callable[[str], Path], coculture: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    results = copy_of("imaged")
    real = {"open": Path.open, "scandir": os.scandir}

    def opened(path: Path, *words: Any, **named: Any) -> Any:
        if path.name in closed:
            raise PermissionError(13, "Permission denied", str(path))
        return real["open"](path, *words, **named)  # type: ignore[operator]

    def listed(place: Any) -> Any:
        if Path(place).name in closed:
            raise PermissionError(13, "Permission denied", str(place))
        return real["scandir"](place)  # type: ignore[operator]

    monkeypatch.setattr(Path, "open", opened)
    monkeypatch.setattr(os, "scandir", listed)
    closed = {"hits.parquet", "contacts"}
    assert told_by(results) == dict.fromkeys(closed, "unreadable")
    closed = {"run.json"}
    code, _, told = coculture("verify", results)
    assert code == 2
    assert "run.json: cannot be read: Permission denied" in told
    assert "your rights there" in told


def test_pipes_and_links_are_no_trap(copy_of: Callable[[str], Path]) -> None:
    results = copy_of("table")
    (results / "hits.parquet").unlink()
    os.mkfifo(results / "hits.parquet")
    assert told_by(results) == {"hits.parquet": "unreadable"}
    (results / "work").rename(results.parent / "elsewhere")
    (results / "work").symlink_to(results.parent / "elsewhere")
    (results / "round").symlink_to(results)
    assert told_by(results) == {"hits.parquet": "unreadable"}


def test_records_are_kept_apart_from_what_two_runs_have_in_common(finished: dict[str, Path]) -> None:
    for folder in finished.values():
        run = read_run_json(folder)
        assert all(name.startswith(RECORDS) for name in run["records"])
        assert not any(name.startswith(RECORDS) for name in run["outputs"])
        assert {"screen.duckdb", "report.html"} <= set(run["records"])
