"""Whatever a plate-map file holds, reading it gives a plate map or sentences a person can act on."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cases.plates import TWO_BY_THREE_CSV

from coculture.errors import CocultureError, Problem
from coculture.plate.cell_table import validate_well_table
from coculture.plate.layout import Layout
from coculture.plate.plate_map import PlateMap, read_plate_map

SNIPPETS = [
    "",
    "NA",
    "µM",
    "-1",
    "1,5",
    "1e400",
    "inf",
    "a + b",
    "1 + 2",
    ";",
    "\t",
    '"',
    "\n",
    "Q99",
    "#",
    "\ufeff",
    "\0",
    "²",
    "١",
    " from 1 h",
]
EDITS = st.lists(
    st.tuples(st.integers(0, len(TWO_BY_THREE_CSV)), st.integers(0, 8), st.sampled_from(SNIPPETS) | st.text(max_size=3)),
    max_size=6,
)
DEFAULTS = st.dictionaries(
    st.sampled_from(["plate", "role", "compound", "dose", "dose_unit", "batch"]),
    st.sampled_from([*SNIPPETS, "uM", "treatment", "5"]),
)


@given(EDITS, DEFAULTS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_map_reads_or_explains_itself(
    tmp_path: Path, edits: list[tuple[int, int, str]], defaults: dict[str, str]
) -> None:
    text = TWO_BY_THREE_CSV
    for start, length, snippet in edits:
        text = text[:start] + snippet + text[start + length :]
    path = tmp_path / "map.csv"
    path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    plate_map, problems = _read(path, defaults)
    assert all(problem.what and problem.where and problem.remedy for problem in problems), problems
    if plate_map is None:
        assert problems
        return
    validate_well_table(plate_map.wells)
    for plate, well in zip(plate_map.wells["plate"], plate_map.wells["well"], strict=True):
        assert plate_map.treatment(plate, well).text == plate_map.row(plate, well)["treatment"]


def _read(path: Path, defaults: dict[str, str]) -> tuple[PlateMap | None, tuple[Problem, ...]]:
    try:
        return read_plate_map(path, layout=Layout.of(6), defaults=defaults), ()
    except CocultureError as error:
        return None, error.problems


@given(st.binary(max_size=60))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_read_or_explain_themselves(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "map.csv"
    path.write_bytes(data)
    with pytest.raises(CocultureError):
        read_plate_map(path, layout=Layout.of(6))
