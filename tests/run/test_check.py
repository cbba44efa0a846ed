"""The check: each thing that can be wrong is found, graded, and told with a remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_screen import RECIPE, ROWS, map_text, write_image, write_screen
from virtual_recipe import RECIPE as VIRTUAL
from virtual_recipe import write_virtual

from coculture.errors import InputError
from coculture.run.check.analysis import check_analysis
from coculture.run.check.finding import Finding, named
from coculture.run.check.output import check_output
from coculture.run.check.wells import FEW_DOSES, check_wells
from coculture.run.check.whole import check_recipe
from coculture.run.recipe.reading import parse_recipe
from coculture.screen.dose_response.models import curve_model


def told(findings: list[Finding]) -> list[str]:
    return [f"{finding.grade}: {finding.problem.what}" for finding in findings]


def checked(recipe: Path) -> list[str]:
    return told(check_recipe(recipe).findings)


def test_a_good_screen_has_nothing_to_tell(tmp_path: Path) -> None:
    report = check_recipe(write_screen(tmp_path))
    assert report.findings == []
    assert report.facts == (
        "17 wells on 1 plates, 34 files, 2 channels, 64 x 64 pixels of 0.65 µm, uint16",
        "the images call their one plate 'images', the plate map 'small'; they are taken to be the same",
        "tried on small A01 site 1: 1 cells",
    )


def replaced(old: str, new: str) -> str:
    assert old in RECIPE
    return RECIPE.replace(old, new)


@pytest.mark.parametrize(
    ("recipe", "finding"),
    [
        (replaced('channel = "dna"', 'channel = "dapi"'), "error: there is no channel 'dapi'"),
        (RECIPE + '[cells]\nmethod = "propagation"', "error: method 'propagation' follows a stain and no channel is named"),
        (
            RECIPE + '[cells]\nchannel = "gfp"',
            "error: method 'territories' rests on the nuclei and does not look at channel 'gfp'",
        ),
        (RECIPE + "[nuclei.options]\nsmoothness = 1", "error: method 'watershed' has no option 'smoothness'"),
        (replaced('channel = "dna"', 'channel = "dna"\nmethod = "cellpose"'), "error: method 'cellpose'"),
        (
            replaced('channel = "dna"', 'channel = "dna"\nminimum_area_um2 = 900'),
            "warning: no nucleus was found in small A01 site 1",
        ),
        (RECIPE + '[cells]\nchannel = "actin"', "error: there is no channel 'actin'"),
        (
            replaced("nucleus_intensity_mean_gfp", "cell_texture_mean_gfp"),
            "error: no feature 'cell_texture_mean_gfp' will be measured",
        ),
        (replaced("nucleus_intensity_mean_gfp", "brightness"), "error: no feature 'brightness' will be measured"),
        (
            replaced("nucleus_intensity_mean_gfp", "nucleus_intensity_mean_rfp"),
            "error: no feature 'nucleus_intensity_mean_rfp' will be measured",
        ),
        (replaced('["shape", "intensity"]', '["shape", "intensities"]'), "error: there is no family of features 'intensities'"),
        (replaced('feature = "nucleus_intensity_mean_gfp"', 'column = "cells"'), "error: no well has a number 'cells'"),
        (
            replaced(
                'feature = "nucleus_intensity_mean_gfp"',
                'column = "well_contacts_per_cell"\nabout = "interaction"\nguard = "well_territory_contacts_per_cell"',
            ),
            "error: no well has a number 'well_territory_contacts_per_cell'",  # outlines are territories already
        ),
        (
            RECIPE + '[cell_types]\nfeature = "nucleus_texture_median_dna"\nabove = "a"\nbelow = "b"',
            "error: no feature 'nucleus_texture_median_dna' will be measured",
        ),
        (replaced("primary = true", 'cell_type = "tumour"'), "error: there is no cell type 'tumour'"),
    ],
)
def test_faults_of_the_recipe_against_the_images(tmp_path: Path, recipe: str, finding: str) -> None:
    assert any(text.startswith(finding) for text in checked(write_screen(tmp_path, recipe)))


def without_wells(images: Path) -> None:
    for path in images.glob("C0*"):
        path.unlink()


def without_a_channel(images: Path) -> None:
    (images / "C01_s1_gfp.tif").unlink()


def with_others(images: Path) -> None:
    for channel in ("dna", "gfp"):
        write_image(images, "D06", channel)


def with_a_torn_file(images: Path) -> None:
    path = images / "D02_s1_gfp.tif"
    path.write_bytes(path.read_bytes()[:40])


def with_another_size(images: Path) -> None:
    write_image(images, "D02", "gfp", side=40)


def with_another_kind(images: Path) -> None:
    write_image(images, "D02", "gfp", kind=np.uint8)


def with_the_first_one_empty(images: Path) -> None:
    (images / "A01_s1_dna.tif").write_bytes(b"")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without_wells, "4 wells of the plate map have no images: small C01, small C02, small C03, small C04"),
        (without_a_channel, "C01"),
        (with_others, "1 wells with images are not in the plate map: small D06"),
        (with_a_torn_file, "D02_s1_gfp.tif"),
        (with_another_size, "40 x 40"),
        (with_another_kind, "uint8"),
        (with_the_first_one_empty, "A01_s1_dna.tif"),
    ],
)
def test_faults_of_the_images(tmp_path: Path, spoil: Callable[[Path], None], words: str) -> None:
    recipe = write_screen(tmp_path)
    spoil(tmp_path / "images")
    try:
        found = [f"{finding.grade}: {finding.problem}" for finding in check_recipe(recipe).findings]
    except (InputError, OSError, ValueError) as error:
        found = [str(error)]
    assert any(words in text for text in found), found


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ('features = ["nucleus_*", "area_um2"]', []),
        ('features = ["cyst_*"]', ["error: no feature fits 'cyst_*'"]),
        ('features = ["cyst_*", "pit_*"]', ["error: no feature fits 'cyst_*'", "error: no feature fits 'pit_*'"]),
        ('features = ["cell_*", "cell_texture_*"]', ["warning: no feature fits 'cell_texture_*'"]),
        ('features = ["*"]\nblocklist = ["*_position_*"]', ["warning: no feature fits '*_position_*'"]),
    ],
)
def test_patterns_of_profiles_are_tried_before_the_run(tmp_path: Path, section: str, expected: list[str]) -> None:
    findings = check_recipe(write_screen(tmp_path, RECIPE + f"[profiles]\n{section}")).findings
    assert told(findings) == expected


def test_a_pattern_without_features_is_told_where_it_stands_and_what_there_is(tmp_path: Path) -> None:
    recipe = write_screen(tmp_path, RECIPE + '[profiles]\nfeatures = ["nucleus_shape_aera"]')
    problem = check_recipe(recipe).findings[0].problem
    assert problem.where == f"{recipe}, profiles.features[1]"
    assert "there are: nucleus_shape_area_um2" in problem.remedy
    virtual = write_virtual(tmp_path / "virtual", VIRTUAL + '[profiles]\nfeatures = ["nucleus_*"]')
    assert "error: no feature fits 'nucleus_*'" in checked(virtual)


def test_map_and_images_of_other_plates(tmp_path: Path) -> None:
    two = map_text().replace("well,", "plate,well,").replace("\nA", "\nP1,A").replace("\nB", "\nP1,B").replace("\nC", "\nP2,C")
    recipe = write_screen(tmp_path, plate_map=two.replace("\nD", "\nP2,D"))
    assert checked(recipe)[0] == "error: no well of the plate map has images (map: plate P1, P2; images: images)"


def test_map_and_images_tell_their_faults_together(tmp_path: Path) -> None:
    recipe = write_screen(tmp_path, plate_map=map_text((*ROWS, "Z99,nothing,,0")))
    (tmp_path / "images" / "C01_s1_gfp.tif").unlink()
    with pytest.raises(InputError) as caught:
        check_recipe(recipe)
    text = str(caught.value)
    assert "Z99" in text
    assert "'nothing'" in text
    assert "channel 'gfp' has no image" in text


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        (replaced('map = "map.csv"', ""), "plate: key 'map' is missing"),
        (replaced("layout = 24", "layout = 25"), "plate.layout: unknown layout '25'"),
        (replaced('map = "map.csv"', 'map = "none.csv"'), "none.csv: the file does not exist"),
        (replaced('images = "images"', 'images = "none"'), "source.images: the folder of images does not exist; looked for"),
        (replaced('pattern = "plain"', 'pattern = "plane"'), "'plane' is no ready pattern"),
        (replaced('gfp = "gfp"', 'gfp = "w3"'), "w3"),
    ],
)
def test_what_cannot_be_planned_at_all(tmp_path: Path, recipe: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        check_recipe(write_screen(tmp_path, recipe))
    assert message in str(caught.value)


def wells_of(rows: list[tuple[str, str, str, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["well", "role", "compound", "dose"]).assign(plate="P", condition="")
    frame["treatment"] = [f"{row.compound} {row.dose:g} uM" if row.compound else "" for row in frame.itertuples()]
    return frame


NEGATIVES = [(f"A0{number}", "negative", "", 0.0) for number in range(1, 5)]
POSITIVES = [(f"B0{number}", "positive", "killer", 9.0) for number in range(1, 3)]
TREATED = [(f"C{number:02}", "treatment", "alpha", float(dose)) for number, dose in enumerate((1, 1, 2, 2, 4, 4, 8, 8), start=1)]


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        (NEGATIVES + POSITIVES + TREATED, None),
        (POSITIVES + TREATED, "error: no negative control on P"),
        (NEGATIVES[:2] + POSITIVES + TREATED, "warning: fewer than 3 negative controls (P: 2)"),
        (NEGATIVES + POSITIVES[:1] + TREATED, "warning: fewer than 2 positive controls on P"),
        (NEGATIVES + POSITIVES, "error: no well has the role 'treatment' or 'reference'"),
        (
            [*NEGATIVES, *POSITIVES, *TREATED, ("D01", "treatment", "", 0.0)],
            "error: 1 wells with the role treatment, reference or positive hold no treatment: P D01",
        ),
        (NEGATIVES + POSITIVES + TREATED[1:], "warning: 1 of 4 treatments have a single well"),
        (NEGATIVES + POSITIVES + TREATED[:6], "warning: 1 compounds have 2 or 3 doses: alpha (3)"),
        (NEGATIVES + POSITIVES + TREATED[:2], None),
    ],
)
def test_faults_of_controls_replicates_and_doses(rows: list[tuple[str, str, str, float]], finding: str | None) -> None:
    assert told(check_wells(wells_of(rows), where="map.csv", curves=True)) == ([] if finding is None else [finding])


def test_doses_do_not_matter_where_no_curve_is_asked_for() -> None:
    assert check_wells(wells_of(NEGATIVES + POSITIVES + TREATED[:6]), where="map.csv", curves=False) == []


NEEDS_POSITIVES = '[analysis]\nnormalise = "normalised-percent-effect"\n'
CONTRAST = '[analysis.contrast]\nreference = "mono"\ntested = "co"\n'


@pytest.mark.parametrize(
    ("recipe", "conditions", "donors", "found"),
    [
        ("", "", "", []),
        (NEEDS_POSITIVES, "", "", ["error: the scale 'normalised-percent-effect' of readout 'ratio' needs positive controls"]),
        (CONTRAST, "", "", ["error: there is no condition 'mono'", "error: there is no condition 'co'", "error: 0 donors saw"]),
        (CONTRAST, ["mono", "co"], ["d1", "d1"], ["error: 1 donors saw both conditions"]),
        (CONTRAST, ["mono", "co", "mono", "co"], ["d1", "d1", "d2", "d2"], []),
        (CONTRAST, ["mono", "cu"], ["d1", "d1"], ["error: there is no condition 'co'", "error: 0 donors saw both conditions"]),
    ],
)
def test_what_the_analysis_needs(recipe: str, conditions: list[str] | str, donors: list[str] | str, found: list[str]) -> None:
    times = max(len(conditions), 1)
    wells = wells_of((NEGATIVES + TREATED)[:4] * times)
    wells["condition"] = conditions * 4 if conditions else ""
    wells["donor"] = donors * 4 if donors else ""
    texts = told(check_analysis(parse_recipe(RECIPE + recipe), wells, file="screen.toml"))
    assert len(texts) == len(found)
    assert all(text.startswith(beginning) for text, beginning in zip(texts, found, strict=True))


def test_each_condition_needs_its_own_controls() -> None:
    wells = wells_of(NEGATIVES + POSITIVES + TREATED)
    wells["condition"] = ["mono"] * 6 + ["co"] * 8
    assert told(check_wells(wells, where="map.csv", curves=True))[0] == "error: no negative control on P (co)"


def test_the_number_of_doses_is_that_of_the_curve_model() -> None:
    model = curve_model("logistic-4")
    assert model is not None
    assert model.fewest_doses == FEW_DOSES


def test_results_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    assert told(check_output(tmp_path / "file" / "results", n_wells=1, image_bytes=0)) == ["error: this is a file, not a folder"]
    assert check_output(tmp_path / "deep" / "results", n_wells=1, image_bytes=0) == []
    assert "the results may need up to" in told(check_output(tmp_path, n_wells=1, image_bytes=10**18))[0]
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert told(check_output(tmp_path, n_wells=1, image_bytes=0)) == ["error: results cannot be written here"]


def test_names_are_told_politely() -> None:
    assert named(["a", "b"]) == "a, b"
    assert named(list("abcdefgh")) == "a, b, c, d, e, f and 2 more"


def test_ten_thousand_wells_are_planned_and_checked(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    first = write_image(folder, "X01", "dna").read_bytes()
    (folder / "X01_s1_dna.tif").unlink()
    rows = ["plate,well,role,compound,dose,dose_unit"]
    for plate in range(27):
        for row in range(16):
            for column in range(1, 25):
                well = f"{chr(65 + row)}{column:02}"
                (folder / f"P{plate}_{well}_dna.tif").write_bytes(first)
                role = "negative" if column < 3 else "positive" if column < 5 else "treatment"
                given = ",," if role == "negative" else f",compound {plate * 16 + row},{column}"
                rows.append(f"P{plate},{well},{role}{given if given != ',,' else ',,0'},uM")
    (tmp_path / "map.csv").write_text("\n".join(rows) + "\n")
    recipe = tmp_path / "screen.toml"
    recipe.write_text(
        replaced('gfp = "gfp"\n', "")
        .replace("layout = 24", "layout = 384")
        .replace('pattern = "plain"', r"""pattern = '(?P<plate>P\d+)_(?P<well>[A-P]\d\d)_(?P<channel>dna)\.tif'""")
        .replace("mean_gfp", "mean_dna")
    )
    report = check_recipe(recipe)  # which makes the plan too
    assert report.facts[0].startswith("10368 wells on 27 plates, 10368 files")
    assert [finding.grade for finding in report.findings] == ["warning"]  # single wells
