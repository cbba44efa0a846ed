"""From rendered images on the disk to ranked hits, by the two ways the recipe knows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import tifffile
from result_bytes import bytes_of

from coculture.errors import InputError
from coculture.imaging.render.assay import Assay, Planted, assay_scene
from coculture.imaging.render.field import render_field
from coculture.randomness import stream
from coculture.run.execute import RunOutcome
from coculture.run.ledger import read_ledger
from coculture.run.pipeline import default_results, run_screen
from coculture.store.checksums import hash_file
from coculture.store.images.plate import plate_images_path
from coculture.store.images.reading import read_field
from coculture.store.provenance import read_run_json
from coculture.store.tables import read_table, table_path

pytestmark = pytest.mark.usefixtures("fork_server")

RECIPE = """
[screen]
name = "rendered"
[source]
kind = "images"
images = "images"
pattern = "plain"
pixel_size_um = 0.65
bit_depth = 12
[source.channels]
dna = "dna"
gfp = "gfp"
[plate]
layout = 24
map = "map.csv"
[illumination]
method = "none"
[nuclei]
channel = "dna"
diameter_um = 11
[measure]
families = ["shape", "intensity", "translocation"]
[[readout]]
name = "reporter"
feature = "cell_translocation_ratio_gfp"
direction = "up"
primary = true
[[readout]]
name = "cells"
column = "n_cells"
"""

WELLS = {f"A0{number}": ("negative", "", 0.0) for number in range(1, 5)}
WELLS |= {f"B0{number}": ("positive", "mover", 9.0) for number in range(1, 4)}
WELLS |= {f"C0{number}": ("treatment", "alpha", 1.0) for number in range(1, 4)}
WELLS |= {f"D0{number}": ("treatment", "beta", 1.0) for number in range(1, 4)}
MOVED = {"mover": 0.9, "alpha": 0.8}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A screen of thirteen small rendered wells: alpha drives the reporter into the nucleus, beta does nothing."""
    folder = tmp_path_factory.mktemp("rendered")
    (folder / "images").mkdir()
    assay = Assay(n_tumour=14, n_effector=6, size_px=(256, 256))
    rows = ["well,role,compound,dose,dose_unit"]
    for well, (role, compound, dose) in WELLS.items():
        random = stream(5, well)
        seen = render_field(assay_scene(random, Planted(translocation=MOVED.get(compound, 0.0)), assay), random)
        for channel, pixels in zip(seen.channels[:2], seen.pixels, strict=False):
            tifffile.imwrite(folder / "images" / f"{well}_{channel}.tif", pixels)
        rows.append(f"{well},{role},{compound},{dose},uM")
    (folder / "map.csv").write_text("\n".join(rows) + "\n")
    (folder / "screen.toml").write_text(RECIPE)
    return folder


@pytest.fixture(scope="module")
def outcome(rendered: Path) -> RunOutcome:
    return run_screen(rendered / "screen.toml", workers=1)


def test_the_planted_effect_is_the_first_hit_and_the_other_is_none(outcome: RunOutcome) -> None:
    assert outcome.failed == ()
    reporter = outcome.result.hits[outcome.result.hits["readout"] == "reporter"].set_index("compound")
    assert reporter.loc["alpha", "hit"]
    assert reporter.loc["alpha", "rank"] == 1
    assert not reporter.loc["beta", "hit"]


def test_the_results_folder_holds_what_the_architecture_says(rendered: Path, outcome: RunOutcome) -> None:
    results = outcome.results
    assert results == default_results(rendered / "screen.toml")
    cells = read_table(table_path(results, "cells", "rendered", "A01"))
    wells = read_table(results / "wells.parquet")
    assert wells["n_cells"].iloc[0] == cells["alive"].sum() > 10
    assert wells.columns[wells.columns.get_loc("cell_translocation_ratio_gfp")] in cells.columns
    assert {"screen.duckdb", "ledger.jsonl", "run.json", "recipe.toml", "hits.parquet"} <= {p.name for p in results.iterdir()}
    run = read_run_json(results)
    assert run["inputs"]["A01_dna.tif"] == hash_file(rendered / "images" / "A01_dna.tif")
    assert run["inputs"]["map.csv"] == hash_file(rendered / "map.csv")
    assert len(run["inputs"]) == 2 * len(WELLS) + 1
    line = read_ledger(results / "ledger.jsonl")["rendered", "A01"]
    assert line.memory_mb > 0
    assert line.seconds > 0


def test_images_are_kept_pixel_by_pixel(rendered: Path, outcome: RunOutcome) -> None:
    kept = read_field(plate_images_path(outcome.results, "rendered"), "C02", 1)
    assert (kept.pixels[0] == tifffile.imread(rendered / "images" / "C02_dna.tif")).all()
    assert {"nuclei", "cells"} <= set(kept.labels)


def test_the_same_recipe_elsewhere_gives_the_same_bytes(rendered: Path, outcome: RunOutcome, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    moved.mkdir()
    shutil.copy(rendered / "screen.toml", moved)
    shutil.copy(rendered / "map.csv", moved)
    again = run_screen(moved / "screen.toml", tmp_path / "out", images=rendered / "images", workers=2)
    assert bytes_of(again.results) == bytes_of(outcome.results)


def test_what_the_check_finds_keeps_a_run_from_starting(rendered: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "screen.toml"
    recipe.write_text(RECIPE.replace('channel = "dna"', 'channel = "dapi"'))
    shutil.copy(rendered / "map.csv", tmp_path)
    with pytest.raises(InputError, match="there is no channel 'dapi'"):
        run_screen(recipe, tmp_path / "out", images=rendered / "images", workers=1)
    assert not (tmp_path / "out").exists()
