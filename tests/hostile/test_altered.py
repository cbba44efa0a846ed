"""Valid inputs, altered: each is read or refused in words, within seconds and a little memory."""

from __future__ import annotations

import itertools

import pytest
from alterations import altered
from door import Door, all_doors
from guard import FOUND, PER_DOOR, Guard

SEED = "9"
DOORS = all_doors()


@pytest.mark.parametrize("door", DOORS.values(), ids=lambda door: door.name)
def test_valid_inputs_are_accepted(door: Door, guard: Guard) -> None:
    for name, valid in door.seeds().items():
        answer = guard.read(door, valid, note=name)
        assert answer.outcome == "accepted", f"{name}: {answer.told}"


@pytest.mark.parametrize("door", DOORS.values(), ids=lambda door: door.name)
def test_altered_inputs_are_read_or_refused(door: Door, guard: Guard) -> None:
    failed = []
    for number, (name, valid) in zip(
        range(max(1, int(PER_DOOR * door.many))), itertools.cycle(door.seeds().items()), strict=False
    ):
        note = f"{SEED}, {door.name}, {name}, {number}"
        answer = guard.read(door, altered(note, valid, door.words), note=note)
        failed += [f"{note}: {answer.told}"] if answer.outcome == "failed" else []
    assert not failed, f"{len(failed)} of the inputs, kept in {FOUND}:\n" + "\n".join(failed[:5])
