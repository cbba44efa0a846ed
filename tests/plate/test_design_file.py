import inspect
from pathlib import Path

import pytest

from coculture.errors import FileError, InputError
from coculture.plate import design_file
from coculture.plate.design import generate_design
from coculture.plate.design_file import read_design
from coculture.plate.treatment import Part, Treatment

GOOD = """\
layout = 96
replicates = 2
negatives = 8

[[compound]]
name = "wortmannin"
unit = "nM"
highest = 150
factor = 2
number = 3

[[compound]]
name = "LY294002"
unit = "uM"
doses = [5, 10.0]
role = "reference"

[[compound]]
name = "serum"
unit = "ug/mL"
lowest = 1
highest = 100
number = 3
role = "combination only"

[[combination]]
first = "wortmannin"
second = "serum"
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "design.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_design(tmp_path: Path) -> None:
    spec, seed = read_design(_write(tmp_path, GOOD))
    assert seed == 1
    assert [series.doses for series in spec.series] == [(0.0375, 0.075, 0.15)]
    assert [series.doses for series in spec.references] == [(5.0, 10.0)]
    assert [tuple(one.compound for one in pair) for pair in spec.combinations] == [("wortmannin", "serum")]
    wells = generate_design(spec, seed).wells
    assert wells["role"].value_counts().to_dict() == {"treatment": 2 * (3 + 9), "negative": 8, "reference": 4}


def test_every_setting_reaches_the_design(tmp_path: Path) -> None:
    text = """\
layout = "chip 8x10"
seed = 5
placement = "blocked"
positives = 2
positive = "staurosporine 1 uM"
untreated = 1
blanks = 1
vehicle = "DMSO"
background = "TNF 10 ng/mL"
conditions = ["mono", "co"]
donors = ["CLL_1"]
edge_margin = 1
plate_prefix = "chips "
"""
    spec, seed = read_design(_write(tmp_path, text + GOOD.replace("layout = 96\n", "")))
    assert (seed, spec.layout.name, spec.placement, spec.vehicle) == (5, "chip 8x10", "blocked", "DMSO")
    assert (spec.negatives, spec.positives, spec.untreated, spec.blanks, spec.edge_margin) == (8, 2, 1, 1, 1)
    assert spec.background == (Part("TNF", 10, "ng/mL"),)
    assert spec.positive.text == "staurosporine 1 uM"
    assert (spec.conditions, spec.donors, spec.plate_prefix) == (("mono", "co"), ("CLL_1",), "chips ")


def test_the_example_of_the_documentation_works(tmp_path: Path) -> None:
    documentation = design_file.__doc__ or ""
    example = inspect.cleandoc(documentation).split("::\n")[1]
    example = inspect.cleandoc("\n" + example)
    example += '\n[[compound]]\nname = "LY294002"\nunit = "uM"\ndoses = [10]\n'
    spec, seed = read_design(_write(tmp_path, example))
    assert (len(spec.series), len(spec.combinations), seed) == (2, 1, 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("layout = 96", "", r"design.toml, layout: the key is missing\n"),
        ("layout = 96", "layout = 95", r"design.toml, layout: unknown layout '95'\n.*1536"),
        ("replicates", "replicate", r"design.toml, replicate: unknown key\n.*the keys are: layout, seed, replicates"),
        ("replicates = 2", "replicates = 'two'", r"design.toml, replicates: .*integer.*found 'two'"),
        ("replicates = 2", "seed = -1", r"design.toml, seed: .*greater than or equal to 0.*found -1"),
        ("replicates = 2", "placement = 'random'", r"design.toml, placement: .*'randomised', 'blocked' or 'ordered'"),
        ("replicates = 2", "positive = 'x'", r"design.toml, positive: cannot read the treatment 'x'\n"),
        ("replicates = 2", "background = 'x 1 %'", r"design.toml, background: '%' is not the unit of a dose"),
        ("replicates = 2", "replicates = 0", r"design: replicates is 0\n"),
        ("factor = 2", "fold = 2", r"design.toml, compound.1.fold: unknown key\n.*the keys are: name, unit, role, doses"),
        (
            "factor = 2\n",
            "",
            r"compound.1: the doses of 'wortmannin' are not given in one of the three ways\n.*highest, factor and",
        ),
        ("doses = [5, 10.0]", "doses = [5, 5]", r"design.toml, compound.2: the series of 'LY294002' has one dose twice"),
        ("LY294002", "wortmannin", r"design.toml, compound.2: 'wortmannin' is listed twice\n"),
        ('second = "serum"', 'second = "sera"', r"design.toml, combination.1: there is no compound 'sera'\n.*list it under"),
        ('second = "serum"', "", r"design.toml, combination.1.second: the key is missing"),
        ("negatives = 8", "negatives = eight", r"the file is not TOML: .*\n.*texts stand in quotes"),
    ],
)
def test_each_fault_of_a_file_has_its_message(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError, match=message):
        read_design(_write(tmp_path, GOOD.replace(old, new, 1)))


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    broken = GOOD.replace("96", "95").replace("doses = [5, 10.0]", "doses = []").replace('"serum"\n\n', '"sera"\n\n')
    with pytest.raises(InputError) as caught:
        read_design(_write(tmp_path, broken))
    assert len(caught.value.problems) == 2


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"does not exist\n.*check the path"):
        read_design(tmp_path / "design.toml")
    (tmp_path / "latin.toml").write_bytes("vehicle = 'é'".encode("cp1252"))
    with pytest.raises(FileError, match=r"not UTF-8 text\n.*save it as UTF-8"):
        read_design(tmp_path / "latin.toml")


MIXTURE = """\
layout = 96
replicates = 1
negatives = 4
[[mixture]]
ingredients = ["F1", "F2", "F3", "F4", "F5", "F6"]
dose = 10
unit = "ug/mL"
"""


@pytest.mark.parametrize(
    ("keys", "wells"),
    [
        ('kind = "leave-one-out"', 7),
        ('kind = "leave-one-out"\npairs = true', 1 + 6 + 15),
        ('kind = "knock-in"', 6),
        ('kind = "knock-out-and-in"', 13),
        ('kind = "orthogonal"', 8),
        ('kind = "orthogonal"\nlevels = 3', 26),
        ('kind = "orthogonal"\nfold_over = true', 15),
        ('kind = "uniform"\nruns = 12', 12),
        ('kind = "pooled"\nruns = 9', 8),  # a pool that is drawn twice is made once
        ('kind = "knock-out-groups"\nruns = 9\nshare = 0.4', 7),
        ('kind = "confirmation"\ncandidates = ["F1"]\ncandidate_pairs = [["F2", "F3"]]', 4),
    ],
)
def test_every_design_of_mixtures_becomes_a_plate(tmp_path: Path, keys: str, wells: int) -> None:
    spec, seed = read_design(_write(tmp_path, f"{MIXTURE}{keys}\n"))
    table = generate_design(spec, seed).wells
    assert (table["role"] == "treatment").sum() == wells
    doses = {part.dose for text in table["treatment"] for part in Treatment.parse(text).parts}
    assert max(doses) == 10.0
    assert generate_design(spec, seed).wells.equals(table)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'{MIXTURE}kind = "pooled"\n', "a design of kind 'pooled' needs a number of runs"),
        (f'{MIXTURE}kind = "knock-in"\nruns = 3\n', "a design of kind 'knock-in' takes no runs"),
        (f'{MIXTURE}kind = "leave-one-out"\nformula = "x"\n', "the ingredients of a mixture are given in several ways"),
        (MIXTURE.replace("dose = 10\n", "") + 'kind = "knock-in"\n', "the mixture has no dose"),
        ('layout = 96\n[[mixture]]\nkind = "knock-in"\n', "the ingredients of a mixture are given in no way"),
        (
            'layout = 96\n[[mixture]]\nkind = "knock-in"\nformula = "x"\ndose = 1\nunit = "ug/mL"\n',
            "nothing is known of the formula 'x' here",
        ),
        (
            'layout = 96\n[[mixture]]\nkind = "knock-in"\ndose = 1\n[[mixture.ingredient]]\nname = "a"\ndose = 1\nunit = "uM"\n',
            "every ingredient has a dose of its own",
        ),
    ],
)
def test_mixtures_that_cannot_be_made(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        read_design(_write(tmp_path, text))
    assert said in str(error.value)
    assert "design.toml, mixture.1" in str(error.value)


def test_ingredients_may_have_doses_of_their_own(tmp_path: Path) -> None:
    text = 'layout = 96\n[[mixture]]\nkind = "leave-one-out"\n'
    text += "".join(
        f'[[mixture.ingredient]]\nname = "{name}"\ndose = {dose}\nunit = "uM"\n' for name, dose in (("a", 1), ("b", 5))
    )
    spec, _ = read_design(_write(tmp_path, text))
    assert [treatment.text for treatment in spec.mixtures] == ["a 1 uM + b 5 uM", "b 5 uM", "a 1 uM"]


def test_three_compounds_make_every_combination_of_their_doses(tmp_path: Path) -> None:
    text = GOOD.replace('second = "serum"\n', 'second = "serum"\nthird = "LY294002"\n')
    spec, _ = read_design(_write(tmp_path, text))
    three = [what for _, what in spec.treatments() if len(what.parts) == 3]
    assert len(three) == 3 * 3 * 2
    assert three[0].text == "wortmannin 0.0375 uM + serum 1 ug/mL + LY294002 5 uM"
