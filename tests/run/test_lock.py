"""The lock: one living run a folder, and a dead one holds nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from coculture.errors import FileError
from coculture.run.lock import await_last_workers, only_run_in

HOLD = """
import sys, time
from pathlib import Path
from coculture.run.lock import note_worker, only_run_in
folder = Path(sys.argv[1])
if sys.argv[2] == "worker":
    note_worker(folder); print("held", flush=True); time.sleep(60)
with only_run_in(folder):
    print("held", flush=True); time.sleep(60)
"""


def holder(folder: Path, what: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder), what], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_refused_with_the_name_of_the_first_until_that_is_dead(tmp_path: Path) -> None:
    with holder(tmp_path, "run") as first:
        with pytest.raises(FileError, match=rf"another run is writing here \(process {first.pid} on"), only_run_in(tmp_path):
            pass
        first.kill()
    with only_run_in(tmp_path):
        pass


def test_a_run_can_follow_a_run(tmp_path: Path) -> None:
    for _ in range(2):
        with only_run_in(tmp_path):
            pass


def test_workers_of_a_killed_run_are_waited_for(tmp_path: Path) -> None:
    await_last_workers(tmp_path)
    with holder(tmp_path, "worker") as worker:
        with pytest.raises(FileError, match="workers of a run that was killed"):
            await_last_workers(tmp_path, patience_s=0.1)
        worker.kill()
    await_last_workers(tmp_path, patience_s=5)
