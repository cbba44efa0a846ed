"""The direction of imports is a test, not a wish."""

from __future__ import annotations

import importlib.util
from pathlib import Path

HERE = Path(__file__).resolve().parent
_spec = importlib.util.spec_from_file_location("floors", HERE / "floors.py")
assert _spec is not None
assert _spec.loader is not None
floors = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(floors)


def test_imports_run_downward_only(capsys):
    assert floors.main() == 0, capsys.readouterr().out


def test_brackets_of_a_built_room_are_found():
    assert floors.needless_brackets("(coculture.plate)\n(coculture.never_built)") == ["coculture.plate"]


def test_absent_rooms_are_taken_out_and_named():
    text = "[importlinter:contract:x]\nname = x\ntype = independence\nmodules =\n    coculture.plate\n    coculture.never_built\n"
    contracts, absent = floors.present_contracts(text)
    assert absent == ["coculture.never_built"]
    assert "contract:x" not in contracts
