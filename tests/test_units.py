import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coculture import units

UNITS = st.sampled_from(sorted(units.TO_BASE))
VALUES = st.floats(1e-12, 1e12)


@given(VALUES, UNITS, UNITS)
def test_conversion_there_and_back(value: float, source: str, target: str) -> None:
    assume(units.TO_BASE[source][0] == units.TO_BASE[target][0])
    assert units.convert(units.convert(value, source, target), target, source) == pytest.approx(value, rel=1e-14)


@given(VALUES, UNITS, UNITS, UNITS)
def test_conversion_does_not_depend_on_the_way(value: float, first: str, second: str, third: str) -> None:
    assume(len({units.TO_BASE[unit][0] for unit in (first, second, third)}) == 1)
    direct = units.convert(value, first, third)
    assert units.convert(units.convert(value, first, second), second, third) == pytest.approx(direct, rel=1e-14)


@given(VALUES, UNITS)
def test_base_units_are_fixed_points(value: float, unit: str) -> None:
    number, base = units.to_base(value, unit)
    assert units.TO_BASE[base] == (units.TO_BASE[unit][0], 1.0)
    assert units.to_base(number, base) == (number, base)


def test_every_dimension_has_a_base_unit() -> None:
    assert {dimension for dimension, _ in units.TO_BASE.values()} == set(units.BASE_UNIT)
    assert all(units.TO_BASE[unit] == (dimension, 1.0) for dimension, unit in units.BASE_UNIT.items())
    assert set(units.DOSE_UNITS) <= set(units.BASE_UNIT.values())


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (5, "nM", "uM", 0.005),
        (2, "mm", "um", 2000),
        (90, "s", "min", 1.5),
        (2, "d", "h", 48),
        (20, "ng/mL", "ug/mL", 0.02),
        (1, "mbar", "Pa", 100),
        (3, "step", "step", 3),
    ],
)
def test_known_conversions(value: float, source: str, target: str, expected: float) -> None:
    assert math.isclose(units.convert(value, source, target), expected, rel_tol=1e-15)


@pytest.mark.parametrize(
    ("spelling", "unit"),
    [
        ("µM", "uM"),
        ("μM", "uM"),
        (" uM ", "uM"),
        ("µg/ml", "ug/mL"),
        ("μg/mL", "ug/mL"),
        ("nmol/L", "nM"),
        ("hr", "h"),
        ("µm", "um"),
    ],
)
def test_spellings(spelling: str, unit: str) -> None:
    assert units.canonical(spelling) == unit


@pytest.mark.parametrize("unit", sorted(units.TO_BASE))
def test_labels_are_spellings_of_their_unit(unit: str) -> None:
    assert units.canonical(units.label(unit)) == unit


def test_molar_is_not_metre() -> None:
    assert units.to_base(1, "mM") == (1000.0, "uM")
    assert units.to_base(1, "mm") == (1000.0, "um")


@pytest.mark.parametrize("unit", ["", "%", "furlong", "UM", "mol"])
def test_unknown_units_list_the_known(unit: str) -> None:
    with pytest.raises(units.UnitError, match=r"unknown unit .*use one of: nm, um"):
        units.canonical(unit)


def test_other_dimensions_are_refused() -> None:
    with pytest.raises(units.UnitError, match=r"cannot turn um \(length\) into min \(time\)$"):
        units.convert(1, "um", "min")
    with pytest.raises(units.UnitError, match="only with a molar mass"):
        units.convert(1, "ug/mL", "uM")
