"""From which wells a rule of cell types learns, and what is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.errors import DataError
from coculture.imaging.measure.field import measure_field
from coculture.imaging.measure.objects import FieldObjects
from coculture.imaging.render.assay import Assay, Planted, assay_scene
from coculture.imaging.render.field import render_field
from coculture.interactions.annotate.classifier import ClassifierRule
from coculture.interactions.annotate.labels import LabelledCells
from coculture.interactions.annotate.marker import MarkerRule
from coculture.interactions.annotate.nuclear_shape import NuclearShapeRule
from coculture.randomness import stream
from coculture.sources.cell_typing import learn_types, with_types
from coculture.sources.learning import spread_choice
from coculture.sources.preparation import read_prepared

PLATES = ("P1", "P2")
MARKER = "nucleus_intensity_mean_rfp"


@pytest.fixture(scope="module")
def drawn() -> dict[tuple[str, str], pd.DataFrame]:
    """Measured cells of two wells on two plates, with their true type and outlines that are the truth."""
    wells = {}
    for plate in PLATES:
        for well in ("A01", "A02"):
            rng = stream(5, plate, well)
            picture = render_field(assay_scene(rng, Planted(), Assay(n_tumour=40, n_effector=40, size_px=(500, 500))), rng)
            pixels, nuclei = picture.pixels.astype(np.float32), picture.nuclei
            objects = FieldObjects(pixels, picture.channels, nuclei, picture.cells, nuclei, 0.65, None)
            cells = measure_field(objects, ("shape", "intensity")).assign(plate=plate, well=well, site=1, t_min=0.0)
            truth = picture.truth.set_index("cell_id")["cell_type"]
            wells[plate, well] = cells.assign(truth=truth.reindex(cells["cell_id"]).to_numpy())
    return wells


def accuracy(rule, drawn, folder: Path) -> float:
    asked = []

    def measure(plate: str, well: str) -> pd.DataFrame:
        asked.append((plate, well))
        return drawn[plate, well]

    learn_types(rule, folder, PLATES, lambda plate: ["A01"], measure)
    once = list(asked)
    learn_types(rule, folder, PLATES, lambda plate: ["A01"], measure)
    assert asked == once, "what was learnt is kept and not learnt again"
    typed = [with_types(rule, folder, plate, cells) for (plate, _), cells in drawn.items()]
    return float(np.mean([(cells["cell_type"] == cells["truth"]).mean() for cells in typed]))


def prepare(folder: Path) -> Path:
    (folder / "prepared").mkdir(parents=True)
    for plate in PLATES:
        (folder / "prepared" / f"{plate}.json").write_text('{"illumination": {}}\n')
    return folder


def test_a_marker_is_learnt_plate_by_plate(drawn, tmp_path):
    folder = prepare(tmp_path)
    assert accuracy(MarkerRule(MARKER, "effector", "tumour"), drawn, folder) > 0.98
    first, second = (read_prepared(folder, plate)["cell_types"] for plate in PLATES)
    assert first["wells"] == ["A01"]
    assert first["mean"] != second["mean"]


def test_nuclei_of_two_sizes_need_no_marker(drawn, tmp_path):
    rule = NuclearShapeRule(("effector", "tumour"), ("nucleus_shape_area_um2",))
    assert accuracy(rule, drawn, prepare(tmp_path)) > 0.95


def test_a_classifier_is_trained_once_for_the_screen(drawn, tmp_path):
    clicked = pd.concat([drawn["P1", "A01"].head(20), drawn["P1", "A02"].head(20), drawn["P1", "A02"].tail(20)])
    table = clicked[["plate", "well", "site", "t_min", "x_um", "y_um"]].assign(cell_type=clicked["truth"])
    rule = ClassifierRule(("tumour", "effector"), LabelledCells(table))
    folder = prepare(tmp_path)
    assert accuracy(rule, drawn, folder) > 0.97
    first, second = (read_prepared(folder, plate)["cell_types"] for plate in PLATES)
    assert first == second
    assert first["wells"] == ["A01", "A02"]


def test_wells_without_cells_are_named(tmp_path):
    rule = MarkerRule(MARKER, "effector", "tumour")
    with pytest.raises(DataError, match=r"plate P1, cell types, wells A01: no cell was found"):
        learn_types(rule, prepare(tmp_path), PLATES, lambda plate: ["A01"], lambda plate, well: pd.DataFrame())


def test_a_marker_that_fails_names_plate_and_wells(drawn, tmp_path):
    rule = MarkerRule("nucleus_intensity_mean_dna", "effector", "tumour")
    few = {key: cells.head(5) for key, cells in drawn.items()}
    with pytest.raises(DataError, match=r"plate P1, cell types, wells A01: .*too few"):
        learn_types(rule, prepare(tmp_path), PLATES, lambda plate: ["A01"], lambda plate, well: few[plate, well])


def test_wells_to_learn_from_are_spread_over_the_plate():
    wells = [f"A{i:02d}" for i in range(1, 25)]
    chosen = spread_choice(wells, 8)
    assert len(chosen) == 8
    assert (chosen[0], chosen[-1]) == ("A01", "A24")
    assert spread_choice(wells[:3], 8) == wells[:3]
