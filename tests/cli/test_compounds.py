"""``coculture compounds``: what it prints, and what it says of names it does not know."""

from __future__ import annotations

from program_run import Run


def test_list_names_every_kind(coculture: Run) -> None:
    code, told, _ = coculture("compounds", "list")
    assert code == 0
    assert "plerixafor" in told
    assert "Huanglian 黄连" in told
    code, herbs, _ = coculture("compounds", "list", "herb")
    assert code == 0
    assert "Huanglian 黄连" in herbs
    assert "plerixafor" not in herbs


def test_show_prints_each_number_with_its_source(coculture: Run) -> None:
    code, told, _ = coculture("compounds", "show", "AMD3100")
    assert code == 0
    assert told.startswith("plerixafor 普乐沙福 (compound)\n")
    assert "molar mass    502.8 g/mol [weights]" in told
    assert "(Stokes-Einstein, compact sphere of 0.77 mL/g from the molar mass)" in told
    assert "[fricker] Fricker et al. 2006" in told
    assert "[common knowledge, not read]" in told


def test_show_knows_herbs_extracts_formulas_and_carriers(coculture: Run) -> None:
    for name, line in (
        ("黃連", "holds         berberine: at least 55 mg/g [chp]"),
        ("黄连解毒汤", "herb          Huanglian 君: 9 g (30%) [textbook]"),
        ("Danshen aqueous extract", "yield         350 mg/g (a least value) [pharmacopoeia]"),
        ("doxorubicin liposome", "load          104 mg/g [label]"),
    ):
        code, told, _ = coculture("compounds", "show", *name.split())
        assert code == 0
        assert line in told


def test_list_check_counts_what_was_read_and_what_assumed(coculture: Run) -> None:
    code, told, _ = coculture("compounds", "list", "--check")
    assert code == 0
    assert "none without a source" in told
    rows = {line[:26].strip(): line[26:].split()[:2] for line in told.splitlines()[2:]}
    assert int(rows["assumed"][0]) > int(rows["read"][0]) > 0
    _, carriers, _ = coculture("compounds", "list", "carrier", "--check")
    assert carriers.startswith("2 entries")


def test_show_says_which_numbers_of_an_effect_are_assumed(coculture: Run) -> None:
    _, told, _ = coculture("compounds", "show", "plerixafor")
    assert "assumed, not read: slope\n" in told


def test_expand_prints_concentrations(coculture: Run) -> None:
    code, told, _ = coculture("compounds", "expand", "黄连", "100", "ug/mL")
    assert code == 0
    assert "berberine                   14.79 µM  [14.79, …]" in told
    assert "of 100 µg/mL are these compounds" in told


def test_an_unknown_name(coculture: Run) -> None:
    code, _, error = coculture("compounds", "show", "huanglain")
    assert code == 2
    assert "there is no 'huanglain' in the library" in error
    assert "did you mean" in error
