"""TOML, JSON and CSV that describe recipes, chips, cells and compounds: hand-made inputs that broke readers, or could."""

from __future__ import annotations

import pytest
from door import Door, all_doors
from guard import Guard

DOORS = all_doors(("screens", "models", "results"))
TEXTS = (
    "recipe",
    "recipe, wells",
    "design",
    "chip",
    "culture",
    "compound file",
    "ParchMint",
    "network JSON",
    "ledger",
    "rules CSV",
)
HOSTILE = {
    "nothing": b"",
    "a number of 5,000 figures": b"a = " + b"9" * 5000,
    "a number of 5,000 figures, JSON": b'{"name": ' + b"9" * 5000 + b"}",
    "1e400": b'{"name": 1e400}',
    "deep lists": b"a = " + b"[" * 50_000,
    "deep objects": b'{"a":' * 50_000,
    "deep tables": b"[" + b"a." * 5000 + b"a]\n",
    "a lone surrogate": b'{"name": "\\ud800"}',
    "a surrogate in TOML": b'name = "\\ud800"',
    "NUL": b'name = "a\0b"',
    "not UTF-8": b'name = "\xff\xfe"',
    "UTF-16": 'name = "a"'.encode("utf-16"),
    "one very long line": b'name = "' + b"a" * 2_000_000 + b'"',
    "many keys": b"\n".join(b"key%d = 1" % number for number in range(20_000)),
    "many tables": b"[[compound]]\n" * 20_000,
    "a JSON list": b"[]",
    "null": b"null",
}


@pytest.mark.parametrize("door", [DOORS[name] for name in TEXTS], ids=lambda door: door.name)
def test_hostile_texts_are_refused(door: Door, guard: Guard) -> None:
    for name, data in HOSTILE.items():
        answer = guard.read(door, data, note=name)
        told = f"{name}: {answer.told[:3000]}"
        assert answer.outcome == "refused" or (door.name in ("ledger", "rules CSV") and answer.outcome == "accepted"), told


@pytest.mark.parametrize(
    "line",
    [
        b'{"plate": "P1", "well": "A01", "status": "perhaps"}',
        b'{"plate": "P1", "well": 5, "status": "done"}',
        b'{"plate": ["P1"], "well": "A01", "status": "done"}',
        b'{"plate": "P1", "well": "A01", "status": "done", "outputs": 5}',
        b'{"plate": "P1", "well": "A01", "status": "done", "outputs": {"a": 5}}',
        b'{"plate": "P1", "well": "A01", "status": "done", "unknown": 5}',
        b"null",
        b"[]",
        b"5",
    ],
)
def test_a_ledger_changed_by_hand_is_refused(line: bytes, guard: Guard) -> None:
    answer = guard.read(DOORS["ledger"], line + b"\n")
    assert answer.outcome == "refused", answer.told
    assert "line 1: this line is not one of a ledger" in answer.told


@pytest.mark.parametrize(
    "rule",
    [
        b"tumour,oxygen,increases,cycle entry,0,nan,8,0",
        b"tumour,oxygen,increases,cycle entry,0,1,inf,0",
        b"tumour,oxygen,increases,cycle entry,0,-1,8,0",
        b"tumour,oxygen,increases,cycle entry,0,1,8",
        b"tumour,oxygen,grows,cycle entry,0,1,8,0",
        b"tumor,oxygen,increases,cycle entry,0,1,8,0",
        b"tumour,oxygen,increases,flying,0,1,8,0",
        b"tumour;oxygen;increases;cycle entry;0;1,5;8;0",
        b"tumour,oxygen,increases,cycle entry,0,1,5,8,0",
    ],
)
def test_a_rule_that_says_no_rule_is_refused(rule: bytes, guard: Guard) -> None:
    answer = guard.read(DOORS["rules CSV"], rule + b"\n")
    assert answer.outcome == "refused", answer.told
