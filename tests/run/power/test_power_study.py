"""A power calculation from recipe to tables: of virtual wells, of wells that were measured, and everything that can be wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from virtual_recipe import RECIPE, write_virtual

from coculture.errors import CocultureError, DataError, FileError, InputError
from coculture.run.executors.serial import SerialExecutor
from coculture.run.power.files import write_study
from coculture.run.power.question import PowerQuestion
from coculture.run.power.shown import in_silence
from coculture.run.power.study import PowerStudy, power_study, usual_replicates
from coculture.store.tables import write_table

WELLS_RECIPE = """
[screen]
name = "measured"
seed = 9
[source]
kind = "wells"
table = "wells.csv"
columns = { well = "well" }
[plate]
layout = 96
[[readout]]
name = "level"
column = "level"
primary = true
[[readout]]
name = "other"
column = "other"
[analysis]
hit_method = "welch-t"
"""


def calculated(recipe: Path, **asked: object) -> PowerStudy:
    question = PowerQuestion(**{"wells": 6, "screens": 10, "densities": (1.0,), "replicates": (2,), **asked})  # type: ignore[arg-type]
    return power_study(recipe, question, SerialExecutor(), in_silence)


@pytest.fixture(scope="module")
def virtual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_virtual(
        tmp_path_factory.mktemp("virtual"), RECIPE.replace("hours = 2", "hours = 1").replace("exposure_h = 2", "exposure_h = 0.3")
    )


@pytest.fixture(scope="module")
def study(virtual: Path) -> PowerStudy:
    return calculated(virtual, effect="killer 10 uM", sizes=(0.0001, 1.0), densities=(0.5, 1.0))


def measured(folder: Path, negatives: int = 12, positives: int = 4) -> Path:
    """Write a recipe of wells and the results a run of it would have left."""
    random = np.random.default_rng(1)
    roles = ["negative"] * negatives + ["positive"] * positives + ["treatment"] * 8
    level = random.normal(100, 5, len(roles)) + np.where(np.array(roles) == "positive", -50.0, 0.0)
    treated = [f"c{number} 1 uM" for number in range(8)]
    wells = pd.DataFrame(
        {
            "plate": "P1",
            "well": [f"A{number + 1:02d}" if number < 12 else f"B{number - 11:02d}" for number in range(len(roles))],
            "role": roles,
            "treatment": [""] * negatives + ["x 1 uM"] * positives + treated,
            "condition": "",
            "level": level,
            "other": random.normal(1, 0.1, len(roles)),
            "n_cells": 200,
        }
    )
    (folder / "results").mkdir(parents=True)
    write_table(wells, folder / "results" / "wells.parquet")
    (folder / "screen.toml").write_text(WELLS_RECIPE)
    return folder / "screen.toml"


def test_a_strong_killer_is_found_and_a_trace_of_it_is_not(study):
    power = study.power[study.power["density"] == 1.0].set_index(["readout", "size", "replicates"])["power"]
    assert power["tumour_cells", 1.0, 2] == 1.0
    assert power["tumour_cells", 0.0001, 2] < 0.5
    assert (study.power["power_low"] <= study.power["power"]).all()
    assert (study.power["power"] <= study.power["power_high"]).all()


def test_replicates_of_the_recipe_are_looked_at_and_its_densities_told_in_cells(study):
    assert set(study.power["replicates"]) == {study.facts["own_replicates"]} == {2}
    assert study.power.groupby("density")["cells_per_well"].first().to_dict() == {0.5: 17.5, 1.0: 35.0}
    told = study.densities[study.densities["readout"] == "tumour_cells"].set_index("density")
    assert told["informative"].tolist() == [bool(power >= 0.8) for power in told["power"]]
    assert told.loc[1.0, "effect"] < 0
    assert told.loc[1.0, "wells_without"] == 12


def test_calls_without_effect_are_counted_apart(study):
    assert (study.level["screens"] == 10).all()
    assert (study.level["screens_with_call"] <= study.level["false_calls"]).all()
    assert set(study.level["density"]) == {0.5, 1.0}


def test_pilot_wells_are_as_many_as_asked(study):
    counts = study.wells.groupby(["density", "role", "size"]).size()
    assert counts[1.0, "negative", 0.0] == 12
    assert counts[1.0, "treatment", 1.0] == 6
    assert len(study.wells) == 2 * (12 + 2 * 6)


def test_what_is_simulated_and_drawn_at_a_density_does_not_depend_on_what_else_is_asked(study, virtual):
    again = calculated(virtual, effect="killer 10 uM", sizes=(0.0001, 1.0))
    for name in ("wells", "power", "level"):
        whole, part = getattr(study, name), getattr(again, name)
        here = whole.loc[whole["density"] == 1.0, list(part.columns)].reset_index(drop=True)
        pd.testing.assert_frame_equal(here, part.reset_index(drop=True), check_dtype=False)


def test_the_same_recipe_gives_the_same_bytes(tmp_path):
    recipe = measured(tmp_path)
    for folder in ("first", "second"):
        write_study(calculated(recipe), tmp_path / folder)
    names = sorted(path.name for path in (tmp_path / "first").iterdir())
    kinds = [f"{name}.{kind}" for name in ("power", "level", "densities") for kind in ("parquet", "csv")]
    assert names == sorted([*kinds, "power.json", "pilot_wells.parquet"])
    for name in names:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_a_behaviour_times_a_factor_is_simulated(virtual):
    found = calculated(virtual, effect="tumour: migration_speed_um_per_min x 2", sizes=(1.0,))
    assert found.facts["effect"] == "tumour: migration_speed_um_per_min × 2"
    assert found.wells.groupby("size").size().to_dict() == {0.0: 12, 1.0: 6}


def test_replicates_around_those_of_the_recipe_are_looked_at_where_none_are_named():
    assert usual_replicates(3) == (2, 3, 4, 6)
    assert usual_replicates(8) == (2, 3, 4, 6, 8)


def test_without_an_effect_the_positive_controls_give_it(tmp_path):
    found = calculated(measured(tmp_path), replicates=(4,))
    assert found.facts["effect"].startswith("level -")
    power = found.power.set_index(["readout", "size", "replicates"])["power"]
    assert power["level", 1.0, 4] == 1.0
    assert power["other", 1.0, 4] <= 0.3
    assert "one density of cells" in found.notes[0]


@pytest.mark.parametrize(
    ("effect", "kind", "said"),
    [
        ("unheard-of 1 uM", InputError, "compound 'unheard-of'"),
        ("mixing -0.5", InputError, "is a shift of a read-out, and virtual wells are simulated"),
        ("tumour: flying_speed x 2", InputError, "the cells have no behaviour 'flying_speed'"),
        ("neuron: apoptosis_per_min x 2", InputError, "the culture has no cells of neuron"),
    ],
)
def test_effects_that_a_virtual_culture_cannot_have(virtual, effect, kind, said):
    with pytest.raises(kind, match=said):
        calculated(virtual, effect=effect)


def test_cells_that_find_no_room_at_any_density(virtual):
    with pytest.raises(CocultureError, match=r"at 60 times the recipe's cells: .*find room"):
        calculated(virtual, effect="killer 10 uM", sizes=(1.0,), densities=(60.0,))


def test_a_map_without_positive_controls_needs_an_effect(tmp_path):
    rows = (
        "well,role,compound,dose,dose_unit\n"
        + "".join(f"A0{k},negative,,0,uM\n" for k in range(1, 5))
        + "B01,treatment,alpha,3,uM\n"
    )
    recipe = write_virtual(tmp_path, RECIPE, plate_map=rows)
    with pytest.raises(InputError, match="no positive control to take the effect from"):
        calculated(recipe)


def test_wells_that_are_measured_need_results(tmp_path):
    recipe = measured(tmp_path)
    (tmp_path / "results" / "wells.parquet").unlink()
    with pytest.raises(FileError, match="rests on how negative controls differ, and there are no results yet"):
        calculated(recipe)


def test_too_few_negative_controls(tmp_path):
    with pytest.raises(DataError, match="no plate has more than 3 negative controls"):
        calculated(measured(tmp_path, negatives=3))


@pytest.mark.parametrize(
    ("effect", "said"),
    [("killer 10 uM", "is nothing that can be done to wells that were measured"), ("size -1", "there is no read-out 'size'")],
)
def test_effects_that_measured_wells_cannot_have(tmp_path, effect, said):
    with pytest.raises(InputError, match=said):
        calculated(measured(tmp_path), effect=effect)


def test_measured_wells_without_positive_controls_need_a_shift(tmp_path):
    with pytest.raises(InputError, match="'level' has no positive controls to take the effect from"):
        calculated(measured(tmp_path, positives=0))
