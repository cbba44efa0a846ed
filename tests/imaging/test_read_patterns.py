"""What file names say, and patterns that cannot be used."""

from __future__ import annotations

import re
import time

import pytest

from coculture.errors import InputError
from coculture.imaging.read.patterns import READY, file_pattern
from coculture.imaging.read.regex_guard import danger


def parts(pattern: str, path: str) -> dict[str, str] | None:
    for expression, whole_path in file_pattern(pattern).compiled():
        match = expression.fullmatch(path if whole_path else path.rpartition("/")[2])
        if match:
            return {name: value for name, value in match.groupdict().items() if value}
    return None


@pytest.mark.parametrize(
    ("pattern", "path", "said"),
    [
        ("imagexpress", "Exp_A01_s1_w2.TIF", {"plate": "Exp", "row": "A", "column": "01", "site": "1", "channel": "w2"}),
        ("imagexpress", "Exp_A01.tif", {"plate": "Exp", "row": "A", "column": "01"}),
        ("imagexpress", "B2_run_A01_w1.tif", {"plate": "B2_run", "row": "A", "column": "01", "channel": "w1"}),
        (
            "imagexpress",
            "Exp_P24_s9_w1E9DB8D1F-06A5-4C9A-8B3A-7D6D0B9F1A11.TIF",
            {"plate": "Exp", "row": "P", "column": "24", "site": "9", "channel": "w1"},
        ),
        ("imagexpress", "Exp_A01_s1_w1_thumbE9DB8D1F-06A5-4C9A-8B3A-7D6D0B9F1A11.tif", None),
        (
            "imagexpress",
            "2020-01-01/100/TimePoint_12/Exp_A01_s1_w1.TIF",
            {"t": "12", "plate": "Exp", "row": "A", "column": "01", "site": "1", "channel": "w1"},
        ),
        (
            "imagexpress",
            "TimePoint_1/ZStep_3/E_A01_w12.tif",
            {"t": "1", "z": "3", "plate": "E", "row": "A", "column": "01", "channel": "w12"},
        ),
        ("plain", "C01U03_dna.tif", {"well": "C01U03", "channel": "dna"}),
        (
            "opera",
            "Images/r01c12f03p02-ch4sk7fk1fl1.tiff",
            {"row": "01", "column": "12", "site": "03", "z": "02", "channel": "ch4", "t": "7"},
        ),
        (
            "cellvoyager",
            "AssayPlate_Greiner_655090_B03_T0002F004L01A02Z05C03.tif",
            {
                "plate": "AssayPlate_Greiner_655090",
                "row": "B",
                "column": "03",
                "t": "0002",
                "site": "004",
                "z": "05",
                "channel": "C03",
            },
        ),
        (
            "incucyte",
            "VID123_A1_1_2020y01m01d_12h00m.tif",
            {"plate": "VID123", "row": "A", "column": "1", "site": "1", "stamp": "2020y01m01d_12h00m"},
        ),
        (
            "incucyte",
            "green/VID9_H12_4_00d02h30m.tif",
            {"channel": "green", "plate": "VID9", "row": "H", "column": "12", "site": "4", "stamp": "00d02h30m"},
        ),
        (
            "incucyte",
            "Phase_H12_4_00d02h30m.tif",
            {"channel": "Phase", "row": "H", "column": "12", "site": "4", "stamp": "00d02h30m"},
        ),
        ("plain", "A01.tif", {"row": "A", "column": "01"}),
        ("plain", "aa3_s1_dna.ome.tiff", {"row": "aa", "column": "3", "site": "1", "channel": "dna"}),
        ("plain", "A01_s2_t3_z4_gfp.tif", {"row": "A", "column": "01", "site": "2", "t": "3", "z": "4", "channel": "gfp"}),
        ("plain", "overview.tif", None),
        (
            r"Channel(?P<channel>\d)-\d+-(?P<row>[A-P])-(?P<column>\d+)\.tif",
            "Channel2-07-A-07.tif",
            {"channel": "2", "row": "A", "column": "07"},
        ),
        (r"(?P<plate>[^/]+)/(?P<well>\w+)\.tif", "one/A01.tif", {"plate": "one", "well": "A01"}),
        (r"(?P<well>[^/]+)\.tif", "one/A01.tif", {"well": "A01"}),
    ],
)
def test_a_name_is_taken_apart(pattern: str, path: str, said: dict[str, str] | None) -> None:
    assert parts(pattern, path) == said


@pytest.mark.parametrize("name", READY)
def test_a_ready_pattern_matches_its_example_and_is_safe(name: str) -> None:
    assert parts(name, READY[name].example) is not None
    assert [danger(text) for text in READY[name].expressions] == [""] * len(READY[name].expressions)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("imagexpres", "no ready pattern and no regular expression"),
        (r"(?P<well>[A-P]\d+", "is not a regular expression: missing ), unterminated subpattern"),
        (r"(?P<channel>\d)\.tif", "does not say which part of the name is the well"),
        (r"(?P<row>\w)\.tif", "does not say which part of the name is the well"),
        (r"(?P<well>\w+)_(?P<wave>\d)\.tif", "unknown groups: wave"),
        (r"(?P<well>\w+)_(?P<row>\d)\.tif", "the well is named twice"),
        (r"(?P<well>\w+)_(?P<t>\d)_(?P<stamp>\d)\.tif", "the time is named twice"),
        (r"(?P<well>(a+)+)\.tif", "could take for ever on some file names"),
        ("(?P<well>a)" + "b" * 1000, "has 1011 characters"),
    ],
)
def test_an_unusable_pattern_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        file_pattern(pattern)
    assert caught.value.problems[0].remedy


@pytest.mark.parametrize(
    "expression",
    [r"(a+)+b", r"(a|ab)*c", r"((a?)x?)*y", r"(?:\w+\s?)+\.tif", r"(?P<well>(\d{1,30})*)", r"(a{2,})+", ".*" * 9, r"([ab]+)*?"],
)
def test_explosive_expressions_are_seen(expression: str) -> None:
    assert danger(expression)


@pytest.mark.parametrize(
    "expression",
    [
        r"a+b*c?",
        r"(abc)+",
        r"(?:a|b)?",
        r"(a+)?",
        r"[(+)*]+",
        r"\(+\)*",
        r"(?P<x>\d+)_(?P=x)+",
        r"[^/]+?_\d{2}",
        "(?i)a+?",
        r"(a|b){1,3}",
    ],
)
def test_harmless_expressions_pass(expression: str) -> None:
    assert danger(expression) == ""


def test_the_worst_allowed_expression_ends_soon() -> None:
    expression = "(?P<well>a*)" + "a*" * 3 + "b"
    assert danger(expression) == ""
    start = time.perf_counter()
    assert re.fullmatch(expression, "a" * 60) is None
    assert time.perf_counter() - start < 2
