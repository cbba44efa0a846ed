import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coculture.errors import InputError
from coculture.plate.treatment import Part, Treatment, dose_unit_spellings, same_order

UNITS = st.sampled_from(["nM", "uM", "mM", "ng/mL", "ug/mL", "step"])
NAMES = st.sampled_from(
    [
        "wortmannin",
        "LY294002",
        "Vitamin D",
        "Vitamin D + Ibrutinib",
        "IRAK1/4 Inhibitor I",
        "BAY61-3606",
        "5-FU",
        "Nutlin 3a",
        "雷公藤",
        "to 5",
    ]
)
PARTS = st.builds(
    Part,
    NAMES,
    st.floats(1e-9, 1e6),
    UNITS,
    st.sampled_from([0.0, 60.0, -30.0, 0.5]),
    st.sampled_from([None, 120.0, 2880.25]),
)


def test_the_text_is_canonical() -> None:
    treatment = Treatment((Part("wortmannin", 150, "nM"), Part("serum", 10, "µg/mL")))
    assert treatment.text == "wortmannin 0.15 uM + serum 10 ug/mL"
    assert (treatment.compound, treatment.dose, treatment.dose_unit) == ("wortmannin + serum", 0.15, "uM")


@given(st.lists(PARTS, max_size=4, unique_by=lambda part: part.compound))
def test_text_reads_back_equal(parts: list[Part]) -> None:
    treatment = Treatment(tuple(parts))
    assert Treatment.parse(treatment.text) == treatment


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""),
        ("  ", ""),
        ("wortmannin 150 nM", "wortmannin 0.15 uM"),
        ("wortmannin 0.15uM", "wortmannin 0.15 uM"),
        ("TNF 20 ng/mL from 1 h to 4 h", "TNF 0.02 ug/mL from 60 min to 240 min"),
        ("TNF 20 ng/mL to 1 d", "TNF 0.02 ug/mL to 1440 min"),
        ("Vitamin D  +  Ibrutinib 4.5 µM", "Vitamin D + Ibrutinib 4.5 uM"),
        ("a 1 step + b 2 step + c 3 step", "a 1 step + b 2 step + c 3 step"),
        ("a 0 uM + b 2 uM", "b 2 uM"),
    ],
)
def test_parse(text: str, canonical: str) -> None:
    assert Treatment.parse(text).text == canonical


def test_a_name_with_plus_is_one_part_and_two_doses_are_two() -> None:
    assert len(Treatment.parse("Vitamin D + Ibrutinib 4.5 uM").parts) == 1
    assert len(Treatment.parse("Vitamin D 1 uM + Ibrutinib 4.5 uM").parts) == 2


def test_equal_doses_in_other_units_are_equal_parts() -> None:
    assert Part("x", 5, "nM") == Part("x", 0.005, "uM") == Part(" x", 5e-6, "mM")
    assert Part("x", 7, "ng/mL").dose == 0.007


def test_one_compound_may_enter_at_two_times() -> None:
    treatment = Treatment((Part("TNF", 1, "uM", 0, 60), Part("TNF", 2, "uM", 120)))
    assert treatment.compound == "TNF"
    assert Treatment.parse(treatment.text) == treatment


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("wortmannin", "cannot read the treatment 'wortmannin'"),
        ("wortmannin 5", "write compound, dose and unit"),
        ("a 5 uM + b", "cannot read the treatment 'b'"),
        ("x 5 %", r"'%' is not the unit of a dose\n.*nM, uM, .*step"),
        ("x 5 h", "'h' is not the unit of a dose"),
        ("x -5 uM", r"the dose of 'x' is -5\n.*0 or more"),
        ("x 5 uM from 1 furlong", r"cannot read the time.*\n.*s, min, h or d"),
        ("x 5 uM from 2 h to 1 h", "leaves at 60 min and enters at 120 min"),
        ("x 5 uM + x 6 uM", r"'x' is dosed twice at 0 min\n.*add the doses up"),
    ],
)
def test_faults_of_a_text(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Treatment.parse(text)


@pytest.mark.parametrize("dose", [math.nan, math.inf, -1.0])
def test_doses_that_are_none(dose: float) -> None:
    with pytest.raises(InputError, match="a dose is a finite number, 0 or more"):
        Part("x", dose, "uM")


@pytest.mark.parametrize("name", ["x 5 uM + y", "x 5 uM to", "a + x 5 uM + b"])
def test_names_that_read_like_doses(name: str) -> None:
    with pytest.raises(InputError, match="reads like a dose"):
        Part(name, 3, "step")


def test_a_dose_needs_a_name() -> None:
    with pytest.raises(InputError, match="name the compound"):
        Part(" ", 1, "uM")


def test_dose_units_are_amounts_masses_and_steps() -> None:
    assert dose_unit_spellings() == ["pM", "nM", "uM", "mM", "M", "ng/mL", "ug/mL", "mg/mL", "step"]


def test_parts_take_the_order_first_seen() -> None:
    first, second = Treatment.parse("b 1 uM + a 2 uM"), Treatment.parse("a 3 uM + b 4 uM")
    assert [treatment.text for treatment in same_order([first, second])] == ["b 1 uM + a 2 uM", "b 4 uM + a 3 uM"]


@pytest.mark.parametrize(("dose", "unit"), [(1e308, "mM"), (5e-324, "pM")])
def test_a_dose_that_is_no_number_in_the_base_unit_is_refused(dose: float, unit: str) -> None:
    with pytest.raises(InputError, match="no number in"):
        Part("drug", dose, unit)
