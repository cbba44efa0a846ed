"""Cell types by recipe: three methods, their sections, and the table of labelled cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.errors import InputError
from coculture.plate.layout import Layout
from coculture.run.cell_labels import read_cell_labels
from coculture.run.recipe.cell_types import ClassifierTypes, MarkerTypes, NuclearShapeTypes
from coculture.run.recipe.reading import parse_recipe
from coculture.run.recipe.writing import recipe_text

HEAD = """
[screen]
name = "s"
[source]
kind = "images"
images = "i"
pattern = "plain"
[source.channels]
dna = "d"
[[readout]]
name = "n"
column = "n_cells"
[cell_types]
"""
TYPES = ("tumour", "tcell")


def section(text: str):
    return parse_recipe(HEAD + text, "r.toml").cell_types


def test_without_a_method_it_is_by_marker():
    found = section('feature = "nucleus_intensity_mean_rfp"\nabove = "a"\nbelow = "b"')
    assert isinstance(found, MarkerTypes)
    assert found.names == ("a", "b")


def test_by_nuclear_shape():
    found = section('method = "nuclear-shape"\ntypes = ["tcell", "tumour"]')
    assert isinstance(found, NuclearShapeTypes)
    assert found.features[0] == "nucleus_shape_area_um2"


def test_by_classifier_and_written_back():
    text = HEAD + 'method = "classifier"\ntypes = ["tcell", "tumour"]\nlabels = "clicks.csv"'
    found = parse_recipe(text)
    assert isinstance(found.cell_types, ClassifierTypes)
    assert parse_recipe(recipe_text(found)) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('method = "magic"', "found 'magic'"),
        ('method = "classifier"\ntypes = ["a", "b"]', "key 'labels' is missing"),
        ('method = "classifier"\ntypes = ["a", "b"]\nlabels = " "', "no file is named"),
        ('method = "nuclear-shape"\ntypes = ["a"]', "give at least 2"),
        ('method = "nuclear-shape"\ntypes = ["a b", "c"]', "begin with a letter"),
        ('method = "nuclear-shape"\ntypes = ["a", "b"]\nthreshold = 3', "unknown key 'threshold'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, words):
    with pytest.raises(InputError, match=words) as caught:
        section(text)
    assert "r.toml, line 1" in str(caught.value)


def write(folder: Path, text: str) -> Path:
    path = folder / "clicks.csv"
    path.write_text(text)
    return path


def read(path: Path):
    return read_cell_labels(path, Layout.of(96), "P1", TYPES, 8.0)


def test_labels_are_read_with_their_defaults(tmp_path):
    labels = read(write(tmp_path, "well,x_um,y_um,cell_type\nb3,10.5,20,tumour\nA01,1,2,tcell\n"))
    expected = pd.DataFrame(
        {
            "plate": ["P1", "P1"],
            "well": ["A01", "B03"],
            "site": np.array([1, 1]),
            "t_min": [0.0, 0.0],
            "x_um": [1.0, 10.5],
            "y_um": [2.0, 20.0],
            "cell_type": ["tcell", "tumour"],
        }
    )
    pd.testing.assert_frame_equal(labels.table, expected, check_dtype=False)
    assert labels.wells == [("P1", "A01"), ("P1", "B03")]
    assert labels.reach_um == 8.0


def test_every_fault_of_the_table_is_told_at_once(tmp_path):
    path = write(tmp_path, "well,site,x_um,y_um,cell_type\nZ99,1,1,1,tumour\nA01,1.5,1,1,tumour\nA02,1,left,1,neuron\n")
    with pytest.raises(InputError) as caught:
        read(path)
    told = str(caught.value)
    assert "clicks.csv, line 2, column 'well': no such well: 'Z99'" in told
    assert "line 3, column 'site'" in told
    assert "line 4, column 'x_um'" in told
    assert "unknown type 'neuron'" in told


def test_a_table_without_places_or_rows_is_refused(tmp_path):
    with pytest.raises(InputError, match="there is no column 'x_um'"):
        read(write(tmp_path, "well,cell_type\nA01,tumour\n"))
    with pytest.raises(InputError, match=r"the table has no row|no rows"):
        read(write(tmp_path, "well,x_um,y_um,cell_type\n"))
