"""Texts as cells of a spreadsheet, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coculture.spreadsheet_cells import as_cell, of_cell

PIECES = st.sampled_from([*"=+-@'＝＋－＠; \t\r\n\"|,", "a", "1", "黄连", "cmd|'/C calc'!A0"])


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", "－x", "＠x", "'x"])
def test_a_text_that_would_be_computed_begins_with_an_apostrophe(text: str) -> None:
    assert as_cell(text) == f"'{text}".replace("\t=", "\t'=").replace("\r=", "\r'=").replace("\n=", "\n'=")


@pytest.mark.parametrize("text", ["-0.5", "+3", "1e-9", "-2E+05", "(+)-catechin", "N,N-dimethyl", "TNF 20 ng/mL", "", "a = b"])
def test_plain_numbers_and_usual_names_stay(text: str) -> None:
    assert as_cell(text) == of_cell(text) == text


def test_a_formula_behind_another_separator_is_none_either() -> None:
    assert as_cell("a;=1+1") == "a;'=1+1"
    assert as_cell('a"\t=1') == "a\"'\t'=1"


@given(st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=20))
def test_the_way_back_is_exact(text: str) -> None:
    assert of_cell(as_cell(text)) == text
