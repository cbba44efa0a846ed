"""A run says at its beginning how many wells it is of."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_job import fake_job

from coculture.run.execute import execute
from coculture.run.state import planned_wells

pytestmark = pytest.mark.usefixtures("fork_server")


def test_the_plan_is_noted_before_the_first_well(tmp_path: Path) -> None:
    seen = []

    def watch(lines, n_before, n_all):
        seen.append(planned_wells(tmp_path))
        yield from lines

    assert planned_wells(tmp_path) is None
    execute(fake_job(), tmp_path, workers=1, progress=watch)
    assert seen == [24]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"wells": "many"}', '{"wells": 0}'])
def test_a_plan_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "planned.json").write_text(text)
    assert planned_wells(tmp_path) is None
