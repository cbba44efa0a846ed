"""Films whose truth is drawn (see ``drawn_film``), from images on the disk to the well table."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tifffile
from drawn_film import CHANNELS, FRAMES, RECIPE, STEP_MIN, WELLS, places, write_film_screen
from result_bytes import bytes_of

from coculture.run.between_cells_settings import number_settings
from coculture.run.execute import RunOutcome, execute
from coculture.run.microscope_job import microscope_job
from coculture.run.pipeline import run_screen
from coculture.run.plan import make_plan
from coculture.run.recipe.reading import parse_recipe, read_recipe
from coculture.run.well_files import read_numbers
from coculture.run.worker import WellTask
from coculture.sources.number_names import number_names
from coculture.store.images.plate import plate_images_path
from coculture.store.provenance import read_run_json
from coculture.store.tables import read_table, table_path

MARKED = ('below = "tumour"', 'below = "tumour"\nthreshold = 100.0')
"""A threshold in place of one learnt from other wells."""

pytestmark = pytest.mark.usefixtures("fork_server")


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The screen's folder; a test that changes it works on a copy."""
    folder = tmp_path_factory.mktemp("films")
    write_film_screen(folder)
    return folder


@pytest.fixture(scope="module")
def outcome(films: Path) -> RunOutcome:
    return run_screen(films / "screen.toml", workers=1)


@pytest.fixture(scope="module")
def wells(outcome: RunOutcome) -> pd.DataFrame:
    table: pd.DataFrame = read_table(outcome.results / "wells.parquet").set_index("well")
    return table


def test_speeds_are_those_drawn(wells: pd.DataFrame) -> None:
    speed = wells["well_motion_speed_um_per_min_effector"]
    assert speed["A01"] == pytest.approx(2.0, rel=0.01)
    assert speed["B02"] == pytest.approx(1.0, rel=0.01)
    assert (wells["well_motion_speed_um_per_min_tumour"] < 0.03).all()
    assert (wells["effector_speed"] == speed).all()
    assert wells["tracked_speed"].to_numpy() == pytest.approx(speed.to_numpy(), rel=0.01)
    assert (wells["well_motion_tracks"] == 12).all()


def test_directions_are_those_drawn(wells: pd.DataFrame) -> None:
    """All effectors go to the right; homing ones go toward a tumour cell all the way, passing ones toward it and away."""
    assert (wells["well_motion_fmi_parallel_effector"] > 0.99).all()
    assert (wells["well_motion_directness_effector"] > 0.99).all()
    toward = wells["well_motion_toward_effector_tumour"]
    assert toward[["B01", "B02"]].min() > 0.99
    assert toward[["A01", "A02"]].abs().max() < 0.2
    assert (wells["well_motion_arrest_coefficient_tumour"] == 1).all()
    assert (wells["well_motion_arrest_coefficient_effector"] == 0).all()


def test_contacts_last_as_long_as_drawn(wells: pd.DataFrame) -> None:
    """Two nuclei of 6.2 and 4.4 µm and a reach of 4 µm touch from 19 µm on: 25 µm of the way, 12.6 min, seen every 2 min."""
    dwell = wells["well_contacts_dwell_median_min_effector_tumour"]
    assert dwell[["A01", "A02"]].to_numpy() == pytest.approx(12.6, abs=2.0)
    assert dwell[["B01", "B02"]].isna().all()
    assert (wells["well_contacts_long_fraction_effector_tumour"][["A01", "A02"]] == 1).all()
    assert (wells["well_contacts_formation_per_h_effector_tumour"][["B01", "B02"]] == 0).all()
    entering = (24 - 12.6) / 2  # min until 12.6 µm before the tumour cell
    assert wells["well_contacts_first_median_min_effector_tumour"]["A01"] == pytest.approx(entering, abs=STEP_MIN)


def test_places_at_the_end_are_those_drawn(wells: pd.DataFrame) -> None:
    distance = wells["well_nearest_um_effector_tumour"]
    assert distance["A01"] == pytest.approx(np.hypot(24, 14), abs=0.3)
    assert distance["B01"] == pytest.approx(45 - 24, abs=0.3)
    within = np.pi * 50**2 / 1e6
    assert wells["well_density_per_mm2_tumour_effector"]["B01"] == pytest.approx(1 / within, rel=0.15)
    assert wells["well_cross_g_effector_tumour_20um"]["B01"] > 2 * wells["well_cross_g_effector_tumour_20um"]["A01"]


def test_tracks_are_one_number_a_cell(outcome: RunOutcome) -> None:
    cells = read_table(table_path(outcome.results, "cells", "film", "A01"))
    assert len(cells) == 12 * FRAMES
    assert cells.groupby("track_id").size().eq(FRAMES).all()
    assert (cells["parent_id"] == -1).all()
    assert cells["cell_track_quality"].between(0.5, 1).all()
    truth = places("passing", (FRAMES - 1) * STEP_MIN)
    last = cells[cells["t_min"] == (FRAMES - 1) * STEP_MIN]
    away = np.hypot(*(last[[axis]].to_numpy() - truth[axis].to_numpy() for axis in ("x_um", "y_um")))
    assert away.min(axis=1).max() < 0.5


def test_every_number_of_a_run_has_a_declared_name(wells: pd.DataFrame) -> None:
    recipe = parse_recipe(RECIPE)
    assert recipe.cell_types is not None
    types, settings = recipe.cell_types.names, number_settings(recipe)
    declared = set(number_names(types, settings, tracked=True, territories=False, deaths_told=False))
    own = {name for name in wells.columns if name.startswith(("well_", "n_"))} - {"n_flagged_fields"}
    assert own <= declared
    missing = {name for name in declared - own if "killing" not in name and "death" not in name and "division" not in name}
    assert len(missing) < 0.3 * len(declared), sorted(missing)


def test_what_was_left_out_is_told(outcome: RunOutcome) -> None:
    told = read_run_json(outcome.results)["notes"]
    alike = "film A01, film A02, film B01, film B02: motion: tumour touching tumour: no step starts in contact"
    assert alike in told
    assert tuple(told)[: len(outcome.notes)] == outcome.notes


def copied(films: Path, folder: Path, recipe: str, *, images: bool = False) -> Path:
    """Return a recipe beside the same plate map, on the same images or a copy of them."""
    folder.mkdir(exist_ok=True)
    shutil.copy(films / "map.csv", folder)
    if images:
        shutil.copytree(films / "images", folder / "images")
    (folder / "screen.toml").write_text(recipe)
    return folder / "screen.toml"


def as_stacks(films: Path, folder: Path) -> str:
    """Write one file a well and channel, a page a time point, and return the recipe for it."""
    for well in WELLS:
        for channel in CHANNELS:
            pages = [tifffile.imread(films / "images" / f"{well}_t{frame:02}_{channel}.tif") for frame in range(FRAMES)]
            tifffile.imwrite(folder / f"{well}_{channel}.tif", np.stack(pages), photometric="minisblack")
    return RECIPE.replace(r"_t(?P<t>\d+)", "").replace("time_step_min = 2", 'time_step_min = 2\npages = "t"')


def as_zarr(films: Path, folder: Path, outcome: RunOutcome) -> str:
    """Take the images a run kept, and return the recipe for them."""
    shutil.copytree(plate_images_path(outcome.results, "film"), folder / "film.zarr")
    pattern = next(line for line in RECIPE.splitlines() if line.startswith("pattern"))
    return (
        RECIPE.replace(pattern, 'pattern = "ome-zarr"').replace("time_step_min = 2\n", "").replace("pixel_size_um = 0.65\n", "")
    )


def one_well(recipe: Path, images: Path | None = None) -> dict[str, float]:
    """Do the first well as a worker does, and return its numbers."""
    job = microscope_job(make_plan(read_recipe(recipe, images=images)))
    results = recipe.parent / "results"
    results.mkdir()
    job.source.prepare(results)
    line = WellTask(job.source, results, job.inputs, job.inputs_root)(("film", "A01"))
    assert line.status == "done", line.reason
    return {name: float(value) for name, value in read_numbers(results, "film", "A01").readouts.items()}


@pytest.mark.parametrize("kind", ["stacks", "zarr"])
def test_stacks_and_zarr_give_the_numbers_of_single_files(
    kind: str, films: Path, outcome: RunOutcome, tmp_path: Path, wells: pd.DataFrame
) -> None:
    (tmp_path / "images").mkdir()
    recipe = as_stacks(films, tmp_path / "images") if kind == "stacks" else as_zarr(films, tmp_path / "images", outcome)
    found = one_well(copied(films, tmp_path, recipe.replace(*MARKED)))
    assert len(found) > 200
    assert found == {name: float(wells.loc["A01", name]) for name in found}


def test_a_film_is_not_tracked_where_the_recipe_says_so(films: Path, tmp_path: Path, wells: pd.DataFrame) -> None:
    bare = RECIPE[: RECIPE.index("[motion]")].replace(*MARKED) + '[tracking]\nmethod = "none"\n'
    recipe = copied(films, tmp_path, bare + '[[readout]]\nname = "near"\ncolumn = "well_nearest_um_effector_tumour"\n')
    found = one_well(recipe, films / "images")
    assert not [name for name in found if "motion" in name or "dwell" in name or "slope" in name]
    still = [name for name in found if name.startswith(("well_", "n_"))]
    assert len(still) > 15
    assert {name: found[name] for name in still} == {name: float(wells.loc["A01", name]) for name in still}
    cells = read_table(table_path(tmp_path / "results", "cells", "film", "A01"))
    assert (cells["track_id"] == cells["cell_id"]).all()


def test_a_stopped_run_of_films_goes_on_to_the_same_bytes(films: Path, outcome: RunOutcome, tmp_path: Path) -> None:
    """Stop after the first well; the rest is done by another process count."""
    recipe = copied(films, tmp_path, RECIPE)
    job = microscope_job(make_plan(read_recipe(recipe, images=films / "images")))

    def until_the_second(lines, _done, _all):  # type: ignore[no-untyped-def]
        yield next(lines)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(job, tmp_path / "out", workers=1, progress=until_the_second)
    again = run_screen(recipe, tmp_path / "out", images=films / "images", workers=2)
    assert again.n_before == 1
    assert bytes_of(again.results) == bytes_of(outcome.results)
