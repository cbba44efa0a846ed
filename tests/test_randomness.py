import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coculture.randomness import stream

NAMES = st.lists(st.text(st.characters(exclude_characters="\x1f"), max_size=6), max_size=3)


@given(st.integers(0, 2**63), NAMES)
def test_one_address_one_stream(seed: int, names: list[str]) -> None:
    assert (stream(seed, *names).random(4) == stream(seed, *names).random(4)).all()


@given(st.integers(0, 2**32), NAMES, NAMES)
def test_other_addresses_draw_other_numbers(seed: int, first: list[str], second: list[str]) -> None:
    if first == second:
        return
    same = (stream(seed, *first).random(4) == stream(seed, *second).random(4)).all()
    assert same == ("\x1f".join(first) == "\x1f".join(second))


def test_streams_do_not_depend_on_the_order_in_which_they_are_opened() -> None:
    wells = [f"{row}{column:02d}" for row in "ABC" for column in range(1, 5)]
    forwards = {well: stream(1, "plate", well).random(3).tolist() for well in wells}
    backwards = {well: stream(1, "plate", well).random(3).tolist() for well in reversed(wells)}
    assert forwards == backwards


def test_drawing_from_one_stream_does_not_move_another() -> None:
    first, second = stream(1, "A01"), stream(1, "A02")
    expected = stream(1, "A02").random(5)
    first.random(1000)
    assert (second.random(5) == expected).all()


def test_the_order_of_names_and_their_borders_matter() -> None:
    drawn = {tuple(stream(1, *names).random(2)) for names in (("a", "b"), ("b", "a"), ("ab",), ("a", "b", ""), ("a",), ())}
    assert len(drawn) == 6


def test_the_seed_matters() -> None:
    assert stream(1, "x").random() != stream(2, "x").random()


def test_streams_of_many_wells_are_uncorrelated_and_uniform() -> None:
    draws = np.stack([stream(3, "plate", f"well {number}").random(200) for number in range(200)])
    correlations = np.corrcoef(draws)[np.triu_indices(200, 1)]
    assert abs(draws.mean() - 0.5) < 5 * np.sqrt(1 / 12 / draws.size)
    assert correlations.std() == pytest.approx(1 / np.sqrt(200), rel=0.05)
    assert abs(correlations).max() < 6 / np.sqrt(200)


def test_the_numbers_of_one_address_stay_what_they_are() -> None:
    assert stream(1, "P1", "A01").integers(0, 1000, 5).tolist() == [886, 831, 527, 223, 767]


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="a seed is an integer >= 0, found -1"):
        stream(-1, "x")
