"""Formulas: arithmetic on parameters, and nothing else."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coculture.chip.geometry.formula import LONGEST, evaluate
from coculture.errors import InputError

VALUES = {"a_um": 12.0, "b_um": 5.0, "none_um": 0.0}


@pytest.mark.parametrize(
    ("formula", "value"),
    [("a_um + 2 * b_um", 22), ("(a_um - b_um) / 2", 3.5), ("a_um // b_um", 2), (" -a_um + +b_um ", -7), ("1e-3", 0.001)],
)
def test_arithmetic(formula: str, value: float) -> None:
    assert evaluate(formula, VALUES, "here") == value


def test_a_whole_value_is_an_int() -> None:
    assert isinstance(evaluate("b_um * 2", VALUES, "here"), int)
    assert isinstance(evaluate("b_um / 2", VALUES, "here"), float)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("a_mu", "names 'a_mu', which is no parameter"),
        ("a_um ** 2", "holds what a formula cannot"),
        ("__import__('os').system('true')", "holds what a formula cannot"),
        ("a_um.real", "holds what a formula cannot"),
        ("[1, 2]", "holds what a formula cannot"),
        ("'text'", "holds what a formula cannot"),
        ("True", "holds what a formula cannot"),
        ("1j", "holds what a formula cannot"),
        ("a_um if b_um else 1", "holds what a formula cannot"),
        ("~1", "holds what a formula cannot"),
        ("a_um b_um", "is not a formula"),
        ("", "is not a formula"),
        ("a_um\x00", "is not a formula"),
        ("(" * 200 + "1" + ")" * 200, "is not a formula|characters"),
        ("1 / none_um", "divides by 0"),
        ("1 // none_um", "divides by 0"),
        ("1e200 * 1e200", "has no finite value"),
        ("1e999", "has no finite value"),
        ("1e999 - 1e999", "has no finite value"),
        ("9" * (LONGEST + 1), f"{LONGEST} are allowed"),
    ],
)
def test_what_is_no_arithmetic_is_refused(formula: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as error:
        evaluate(formula, VALUES, "file, key")
    assert error.value.problems[0].where == "file, key"
    assert error.value.problems[0].remedy


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(InputError, match="did you mean 'a_um'"):
        evaluate("a_mu", VALUES, "here")


@given(st.text(max_size=60))
def test_no_text_does_anything_but_a_number_or_an_error(text: str) -> None:
    with contextlib.suppress(InputError):
        assert isinstance(evaluate(text, VALUES, "here"), int | float)
