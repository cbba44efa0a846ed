"""The guard itself: it must see each way of failing, or the campaign proves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import guard as guarding
import pytest
from alterations import altered
from door import Door
from doors.selftest import DOORS
from guard import Guard

WAYS = {
    "hang": "no answer within",
    "eat": "MB of memory",
    "die": "the process died",
    "warn": "RuntimeWarning",
    "fall": "KeyError",
    "refuse": "a refusal without words",
    "refuse" + "x" * 20_000: "a refusal of 20",
}


@pytest.fixture(scope="module")
def own_guard() -> Iterator[Guard]:
    """Return a guard that does not count for the campaign."""
    opened = Guard(doors=("selftest",))
    yield opened
    opened.close()


@pytest.mark.parametrize("wish", WAYS)
def test_each_way_of_failing_is_seen_and_kept(
    wish: str, own_guard: Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarding, "FOUND", tmp_path)
    if wish == "hang":
        monkeypatch.setattr(guarding, "MOST_SECONDS", 0.5)
    answer = own_guard.read(DOORS[0], wish.encode(), note="here")
    assert answer.outcome == "failed"
    assert WAYS[wish] in answer.told
    (kept,) = tmp_path.glob("misbehaving/*")
    assert (kept / "wish.txt").read_bytes() == wish.encode()
    assert (kept / "told.txt").read_text().startswith("here\n")


@pytest.mark.parametrize(("wish", "outcome"), [("well", "accepted"), ("refuse this", "refused")])
def test_what_is_read_or_refused_is_told_and_counted_once(wish: str, outcome: str, own_guard: Guard) -> None:
    own_guard.tallies.clear()
    for _ in range(2):
        answer = own_guard.read(DOORS[0], wish.encode())
        assert answer.outcome == outcome
        assert wish.removeprefix("refuse") in answer.told
    (tally,) = own_guard.tallies.values()
    assert (len(tally.inputs), tally.outcomes[outcome]) == (1, 1)


def test_alterations_are_the_same_each_time_and_differ() -> None:
    valid = b"plate,well\nP1,A01\n"
    made = [altered(str(number), valid) for number in range(200)]
    assert made == [altered(str(number), valid) for number in range(200)]
    assert len(set(made)) > 150


def test_a_guard_starts_anew_after_a_failure(own_guard: Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "FOUND", tmp_path)
    door: Door = DOORS[0]
    assert own_guard.read(door, b"die").outcome == "failed"
    assert own_guard.read(door, b"fine").told == "fine"
