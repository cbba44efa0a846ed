import pytest
from hypothesis import given
from hypothesis import strategies as st

from coculture.plate.number_text import read_numbers


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1", "0.5", ".5", "1e-3", "-2", "+3"], [1, 0.5, 0.5, 1e-3, -2, 3]),
        (["0,5", "12,25", "3"], [0.5, 12.25, 3]),
        (["0,5", "1,000"], [0.5, 1.0]),  # one clear decimal comma settles the column
        (["1,5e-3", "2"], [1.5e-3, 2]),
        (["1.000", "2.5"], [1.0, 2.5]),
        ([",5"], [0.5]),
    ],
)
def test_numbers(texts: list[str], values: list[float]) -> None:
    numbers = read_numbers(texts)
    assert numbers.faults == {}
    assert [numbers.values[text] for text in texts] == values


def test_units_may_stand_in_the_cell() -> None:
    numbers = read_numbers(["5 µM", "0.3nM", "7"])
    assert numbers.units == {"5 µM": "µM", "0.3nM": "nM", "7": ""}
    assert numbers.values["0.3nM"] == 0.3


@pytest.mark.parametrize(
    ("texts", "bad", "what"),
    [
        (["1,000"], "1,000", "a comma that may separate thousands or decimals"),
        (["1,000", "2.5"], "1,000", "a comma that may separate thousands or decimals"),
        (["1,000.5"], "1,000.5", "a comma that may separate thousands or decimals"),
        (["0,5", "2.5"], "2.5", "a decimal point, where other values of the column have a decimal comma"),
        (["0,5", "1,000,000"], "1,000,000", "a comma that may separate"),
        (["high"], "high", "not a number"),
        (["1.2.3"], "1.2.3", "not a number"),
        (["1,2,3"], "1,2,3", "not a number"),
        (["1e999"], "1e999", "too large a number"),
        (["<5"], "<5", "not a number"),
    ],
)
def test_what_is_asked_rather_than_guessed(texts: list[str], bad: str, what: str) -> None:
    numbers = read_numbers(texts)
    assert bad not in numbers.values
    assert what in numbers.faults[bad][0]
    assert numbers.faults[bad][1] != ""


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_every_written_float_reads_back(values: list[float]) -> None:
    numbers = read_numbers([repr(value) for value in values])
    assert numbers.faults == {}
    assert [numbers.values[repr(value)] for value in values] == values


@given(st.lists(st.floats(1e-4, 1e4).map(lambda value: round(value, 2)), min_size=1, max_size=5))
def test_decimal_commas_mean_what_points_mean(values: list[float]) -> None:
    texts = {f"{value:.2f}".replace(".", ",") for value in values}
    numbers = read_numbers(texts)
    assert numbers.faults == {}
    assert all(numbers.values[text] == float(text.replace(",", ".")) for text in texts)
