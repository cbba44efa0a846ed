"""What a dose of a herb, an extract or a formula brings, by hand."""

from __future__ import annotations

import pytest

from coculture.compounds.compound import Compound
from coculture.compounds.expansion import expand, expand_all, expand_with_ranges
from coculture.compounds.files.reading import parse_entry
from coculture.compounds.formula import Formula
from coculture.compounds.library import Library, find, standard_library
from coculture.errors import InputError
from coculture.plate.treatment import Part, Treatment
from coculture.units import to_base

CITED = '\n[sources.s]\ntext = "Chosen by us: numbers for a test"\nevidence = "assumed"\n'
FILES = {
    "a.toml": 'name = "a"\nkind = "natural product"\n[physical]\nmolar_mass_g_per_mol = { value = 200, source = "s" }\n',
    "b.toml": 'name = "b"\nkind = "natural product"\n[physical]\nmolar_mass_g_per_mol = { value = 400, source = "s" }\n',
    "one.toml": """name = "one"
kind = "herb"
part = "root"
[[ingredient]]
compound = "a"
content_mg_per_g = { low = 10, high = 30, source = "s" }
[[ingredient]]
compound = "b"
content_mg_per_g = { low = 4, source = "s" }
""",
    "two.toml": """name = "two"
kind = "herb"
part = "bark"
[[ingredient]]
compound = "a"
content_mg_per_g = { low = 40, high = 40, source = "s" }
weighed_as = "C10H20O3Br"
""",
    "both.toml": """name = "both"
kind = "formula"
book = "none"
[[herb]]
herb = "one"
weight_g = { value = 9, source = "s" }
role = "君"
[[herb]]
herb = "two"
weight_g = { value = 3, source = "s" }
role = "使"
""",
    "soup.toml": """name = "soup"
kind = "extract"
of = "both"
solvent = "water"
yield_mg_per_g = { value = 250, source = "s" }
recovered_fraction = { value = 0.5, source = "s" }
""",
    "powder.toml": """name = "powder"
kind = "extract"
of = "one"
solvent = "ethanol"
[[ingredient]]
compound = "b"
content_mg_per_g = { low = 100, high = 100, source = "s" }
""",
}


@pytest.fixture(scope="module")
def books() -> Library:
    return Library({file: parse_entry(text + CITED, file) for file, text in FILES.items()})


def test_a_compound_in_both_units(books: Library) -> None:
    assert expand(Part("a", 3, "uM"), books) == {"a": 3}
    assert expand(Part("a", 3, "ug/mL"), books) == {"a": pytest.approx(15)}


def test_a_herb_with_its_ranges(books: Library) -> None:
    """1 mg/mL of herb: a 20 mg/g (10 to 30) is 20 µg/mL or 100 µM; b at least 4 mg/g is 4 µg/mL or 10 µM."""
    found = expand_with_ranges(Part("one", 1, "mg/mL"), books)
    assert found.compounds["a"].um == pytest.approx(100)
    assert (found.compounds["a"].low_um, found.compounds["a"].high_um) == (pytest.approx(50), pytest.approx(150))
    assert found.compounds["b"].um == pytest.approx(10)
    assert found.compounds["b"].high_um is None
    assert "at least" in found.compounds["b"].notes[0]
    assert found.dosed_ug_per_ml == 1000
    assert found.explained_ug_per_ml == pytest.approx(24)


def test_a_content_weighed_as_another_form_is_divided_by_that_forms_mass(books: Library) -> None:
    mass = 10 * 12.011 + 20 * 1.008 + 3 * 15.999 + 79.904
    assert expand(Part("two", 100, "ug/mL"), books) == {"a": pytest.approx(1e3 * 100 * 0.04 / mass)}


def test_a_formula_adds_what_its_herbs_share(books: Library) -> None:
    whole = expand(Part("both", 1200, "ug/mL"), books)
    one, two = expand(Part("one", 900, "ug/mL"), books), expand(Part("two", 300, "ug/mL"), books)
    assert whole["a"] == pytest.approx(one["a"] + two["a"])
    assert whole["b"] == pytest.approx(one["b"])


def test_leaving_a_herb_out_leaves_the_others_at_their_dose(books: Library) -> None:
    left = expand(Part("both without two", 1200, "ug/mL"), books)
    assert left == {name: pytest.approx(um) for name, um in expand(Part("one", 900, "ug/mL"), books).items()}
    with pytest.raises(InputError, match="nothing is left of both"):
        expand(Part("both without one and two", 1, "ug/mL"), books)


def test_leaving_out_by_any_name() -> None:
    left = find("黄连解毒汤 without Coptis chinensis")
    assert isinstance(left, Formula)
    assert [one.herb for one in left.members] == ["Huangqin", "Huangbai", "Zhizi"]
    with pytest.raises(InputError, match="'Danggui' is not in Huanglian Jiedu Tang"):
        find("黄连解毒汤 without 当归")


def test_an_extract_goes_back_to_the_herbs(books: Library) -> None:
    """100 µg/mL of extract at 250 mg/g and half recovered hold what 200 µg/mL of herbs do."""
    soup = expand(Part("soup", 100, "ug/mL"), books)
    assert soup == {name: pytest.approx(um) for name, um in expand(Part("both", 200, "ug/mL"), books).items()}
    assert expand(Part("powder", 10, "ug/mL"), books) == {"b": pytest.approx(2.5)}


def test_parts_add_up(books: Library) -> None:
    parts = Treatment.parse("a 2 uM + one 1 mg/mL + b 1 uM").parts
    assert expand_all(parts, books) == {"a": pytest.approx(102), "b": pytest.approx(11)}


def test_doses_scale_linearly() -> None:
    low, high = expand(Part("四物汤", 10, "ug/mL")), expand(Part("四物汤", 1, "mg/mL"))
    assert high == {name: pytest.approx(100 * um) for name, um in low.items()}


def test_a_carrier_may_be_dosed_by_its_drug() -> None:
    assert expand(Part("doxorubicin liposome", 2.0, "uM")) == {"doxorubicin": 2.0}
    with pytest.raises(InputError, match="was dosed in 'step'"):
        expand(Part("doxorubicin liposome", 2.0, "step"))


def test_a_carrier_brings_its_load() -> None:
    found = expand(Part("curcumin PLGA nanoparticle", 100, "ug/mL"))
    curcumin = find("curcumin")
    assert isinstance(curcumin, Compound)
    assert found == {"curcumin": pytest.approx(1e3 * 5 / curcumin.molar_mass())}


def test_berberine_of_huanglian_by_hand() -> None:
    """At least 55 mg/g weighed as the chloride (C20H18ClNO4, 371.8 g/mol): 100 µg/mL of herb hold 14.8 µM."""
    assert expand(Part("黄连", 100, "ug/mL"))["berberine"] == pytest.approx(14.79, abs=0.01)


@pytest.mark.parametrize("name", ["黄连", "黄连解毒汤", "Danshen aqueous extract"])
def test_mixtures_are_dosed_by_mass(name: str) -> None:
    with pytest.raises(InputError, match="was dosed in 'uM'"):
        expand(Part(name, 1, "uM"))


def test_nothing_explains_more_than_was_dosed() -> None:
    for entry in standard_library():
        if not isinstance(entry, Compound):
            found = expand_with_ranges(Part(entry.name, to_base(1, "mg/mL")[0], "ug/mL"))
            assert 0 < found.explained_ug_per_ml < 1000
