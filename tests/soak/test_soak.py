"""A few rounds of the soak, and what its verdicts say of a process that leaks."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from company import Company
from processes import Burden, burden, descendants, files_below, handles_of, in_session, locks_held, shared_memory
from questions import Asked, known_routes, questions
from record import Record, Round, verdicts

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

SOAK = Path(__file__).parent / "soak.py"


@pytest.mark.slow
def test_a_few_rounds_leave_no_process_handle_or_temporary_file(tmp_path: Path) -> None:
    command = [sys.executable, str(SOAK), "--slice", "--rounds", "3", "--out", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "FAILS" not in ended.stdout
    for strike in ("Ctrl-C", "worker killed", "parent killed"):
        assert strike in ended.stdout
    assert len((tmp_path / "rounds.csv").read_text().splitlines()) == 4


def test_every_address_of_the_workbench_is_asked() -> None:
    asked = {one for kind in ("film", "chip", "table") for one in questions(Asked(kind, Path(), "P1", "A01", "a"))}
    assert asked == known_routes()


def made(n: int, *, memory: float = 0.0, handles: float = 0.0, **counts: float) -> list[Round]:
    """Return rounds in which something grows by so much a round."""
    usual = {"children": 5, "zombies": 0, "temporary files": 8}
    return [
        Round(
            number,
            float(number),
            60.0,
            "Ctrl-C",
            {"parent": Burden(600 + 3 * (number % 2) + memory * number, 700.0, round(11 + handles * number), 10)},
            {name: round(value + counts.get(name.split()[0], 0) * number) for name, value in usual.items()},
        )
        for number in range(n)
    ]


def failing(rounds: list[Round]) -> list[str]:
    return [one.name for one in verdicts(rounds) if not one.holds]


def test_what_stays_or_jitters_holds() -> None:
    assert failing(made(50)) == []
    assert failing(made(50, memory=0.3)) == []  # 12 MB of 600 from the second fifth to the last


def test_what_grows_fails_by_name() -> None:
    assert failing(made(50, memory=2.0)) == ["parent: memory"]
    assert failing(made(50, handles=0.1)) == ["parent: handles"]
    assert failing(made(50, children=0.1, temporary=1)) == ["children", "temporary files"]
    dead = made(50)
    dead[20] = replace(dead[20], counts=dead[20].counts | {"zombies": 1})
    assert failing(dead) == ["zombies"]
    assert [one.line().split()[0] for one in verdicts(dead) if one.name == "zombies"] == ["FAILS"]


def test_a_handful_of_rounds_says_nothing_of_memory() -> None:
    assert not any(one.name.endswith("memory") for one in verdicts(made(4, memory=100.0), memory=False))


def test_the_kernel_is_asked_for_what_this_process_holds(tmp_path: Path) -> None:
    before, before_open = burden(os.getpid()), handles_of(os.getpid())
    with (tmp_path / "held").open("w"), subprocess.Popen(["sleep", "60"], start_new_session=True) as child:
        assert burden(os.getpid()).handles == before.handles + 1
        assert len(handles_of(os.getpid())) == len(before_open) + 1
        assert child.pid in [one.pid for one in descendants(os.getpid())]
        assert in_session(child.pid) == [child.pid]
        assert locks_held({child.pid}) == 0
        child.kill()
    assert in_session(child.pid) == []
    assert files_below(tmp_path) == 1
    assert before.resident_mb >= before.memory_mb > 10


def test_a_name_in_shared_memory_is_put_down_to_who_made_it() -> None:
    name = f"sem.soak-{os.getpid()}-x"
    path = Path("/dev/shm") / name
    if not path.parent.is_dir():
        pytest.skip("this system has none")
    path.touch()
    try:
        assert name in shared_memory({os.getpid()})
        assert name in shared_memory(set(), [os.getpid()])
        assert name not in shared_memory({1})
    finally:
        path.unlink()


def test_a_round_is_written_down(tmp_path: Path) -> None:
    record = Record(tmp_path, Company("", "", {}))
    (tmp_path / "temporary").mkdir()
    now = record.take("Ctrl-C", 1.0)
    assert now.counts["zombies"] == now.counts["temporary files"] == 0
    assert "parent" in now.line()
    record.write(tmp_path / "rounds.csv")
    assert (tmp_path / "rounds.csv").read_text().startswith("round,minute,strike,children")
