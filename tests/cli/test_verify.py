"""Whatever byte of a results folder changes, and whatever is lost or added, ``coculture verify`` says so."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_screen import RECIPE, write_screen

from coculture.report.pages import write_report
from coculture.run.pipeline import run_screen
from coculture.run.verify import verify_results
from coculture.store.checksums import UNSEEN
from coculture.store.seal import PLACEHOLDER, seal_holds, sealed


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recipe = write_screen(tmp_path_factory.mktemp("screen"), RECIPE + '[illumination]\nmethod = "none"\n')
    results = run_screen(recipe, workers=1).results
    write_report(results)
    return results


@pytest.fixture
def results(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "results"))


def kind_of(path: Path) -> str:
    """Return a file's name without what tells one well, plate, channel or chunk from another."""
    return re.sub(r"\d+|[A-D]/|dna|gfp", "", path.as_posix())


def test_an_untouched_folder_and_its_copy_are_whole(finished: Path, results: Path) -> None:
    for folder in (finished, results):
        found = verify_results(folder)
        assert found.differences == ()
        assert found.not_of_the_run == ()
        assert found.n_parts > 40


def test_one_flipped_bit_in_any_kind_of_file_is_found(results: Path) -> None:
    moments = random.Random(9)
    files = [path for path in sorted(results.rglob("*")) if path.is_file() and path.name not in UNSEEN and path.stat().st_size]
    kinds = {kind_of(path.relative_to(results)): path for path in moments.sample(files, len(files))}
    names = " ".join(kinds)
    for part in ("cells", "contacts", "fields", "images", "prepared", "work/begun.json", "work/wells", "recipe.toml", "run.json"):
        assert part in names
    for part in ("ledger.jsonl", "screen.duckdb", "report.html", "hits.parquet"):
        assert part in names
    for path in kinds.values():
        content = path.read_bytes()
        place = moments.randrange(len(content))
        path.write_bytes(content[:place] + bytes([content[place] ^ 1 << moments.randrange(8)]) + content[place + 1 :])
        differences = verify_results(results).differences
        assert len(differences) == 1, path
        assert differences[0].kind == "changed"
        assert str(path).startswith(differences[0].problem.where.rstrip("/"))
        assert differences[0].problem.remedy
        path.write_bytes(content)
    assert verify_results(results).differences == ()


def test_every_bit_of_a_seal_counts() -> None:
    text = sealed(f'{{\n  "name": "süß",\n  "seal": "{PLACEHOLDER}"\n}}\n')
    assert seal_holds(text)
    assert not seal_holds(b'{"name": "x"}\n')
    for place in range(len(text)):
        for bit in range(8):
            assert not seal_holds(text[:place] + bytes([text[place] ^ 1 << bit]) + text[place + 1 :])


def test_lost_and_added_files_are_told(results: Path) -> None:
    (results / "hits.parquet").unlink()
    next(path for path in (results / "images").rglob("c/**/0") if path.is_file()).unlink()
    (results / "cells" / "plate=images").mkdir(exist_ok=True)
    (results / "cells" / "plate=images" / "well=Z99.parquet").write_bytes(b"")
    (results / "my notes.txt").write_text("seen by me")
    found = verify_results(results)
    assert sorted(one.kind for one in found.differences) == ["added", "changed", "missing"]
    assert "holds a file that was changed, added or lost" in " ".join(one.problem.what for one in found.differences)
    assert found.not_of_the_run == ("my notes.txt",)


def test_the_program_tells_and_leaves_with_1(coculture: Callable[..., tuple[int, str, str]], results: Path) -> None:
    code, told, _ = coculture("verify", results)
    assert (code, "files are as the run left them" in told) == (0, True)
    with (results / "wells.parquet").open("ab") as file:
        file.write(b"\0")
    code, told, _ = coculture("verify", results)
    assert code == 1
    assert "changed 1: " in told
    assert "wells.parquet: has changed since the run" in told
    assert "run the recipe again" in told
    assert "1 difference." in told


def test_a_folder_without_checksums_is_refused(coculture: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    code, _, told = coculture("verify", tmp_path)
    assert code == 2
    assert "holds no run.json" in told
