"""Kill -9 at any time, go on, and have the bytes of a run that nobody disturbed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from driven_runs import Driver, killing
from result_bytes import bytes_of

HERE = Path(__file__).parent
RANDOM_KILLS = 20
WELL_SECONDS = 0.01


@dataclass
class Undisturbed:
    """A run that nobody killed: what it wrote, and how long it took."""

    files: dict[str, str]
    seconds: float


@pytest.fixture(scope="module")
def undisturbed(driver: Driver, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    assert driver.run(first).code == 0
    started = time.monotonic()
    assert driver.run(second, workers=2, seconds=WELL_SECONDS).code == 0
    seconds = time.monotonic() - started
    assert bytes_of(first) == bytes_of(second)
    return Undisturbed(bytes_of(first), min(seconds, 2.0))


def test_random_kills(driver: Driver, undisturbed: Undisturbed, tmp_path: Path) -> None:
    """Kill runs at random moments, going on with the same folder up to five times, until twenty kills have struck."""
    moments = random.Random(20)
    kills = folders = 0
    while kills < RANDOM_KILLS:
        results = tmp_path / str(folders)
        for _ in range(RANDOM_KILLS // 4):
            workers, whole_group = moments.choice([(1, True), (2, True), (2, False)])
            after = moments.uniform(0.02, 0.6) * undisturbed.seconds
            killed = killing(after, whole_group)
            code = driver.run(results, killed, workers=workers, seconds=WELL_SECONDS).code
            assert code in (0, -signal.SIGKILL)
            if code == 0:  # it was faster than the kill
                break
            kills += 1
        assert finish(driver, results) == undisturbed.files
        folders += 1


def finish(driver: Driver, results: Path) -> dict[str, str]:
    """Go on with a run to its end and return what it promises."""
    assert driver.run(results).code == 0
    return bytes_of(results)


def test_kills_while_a_run_begins(driver: Driver, undisturbed: Undisturbed, tmp_path: Path) -> None:
    """Kill just before the n-th rename or sync of a run that has hardly begun; each run goes on where the last one died."""
    for step in (*range(1, 12), 20, 33):
        assert driver.run(tmp_path, step=step).code == -signal.SIGKILL
    assert finish(driver, tmp_path) == undisturbed.files


def test_kills_while_the_last_tables_are_written(driver: Driver, undisturbed: Undisturbed, tmp_path: Path) -> None:
    """Kill just before the n-th rename or sync of a run that has all its wells."""
    finish(driver, tmp_path)
    step = 2
    while driver.run(tmp_path, step=step).code != 0:
        assert step < 300
        step += 7
    assert step > 80
    assert bytes_of(tmp_path) == undisturbed.files


def test_a_kill_while_starting_over(driver: Driver, undisturbed: Undisturbed, tmp_path: Path) -> None:
    """A folder half removed by ``--fresh`` goes on as a new run."""
    finish(driver, tmp_path)
    (tmp_path / "ledger.jsonl").unlink()
    (tmp_path / "wells.parquet").unlink()
    assert finish(driver, tmp_path) == undisturbed.files


def processes_with(word: str) -> list[int]:
    """Return the processes that have ``word`` in their environment."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and word.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(("number", "to_group"), [(signal.SIGKILL, False), (signal.SIGINT, True)])
def test_the_program_stops_with_all_its_workers_and_goes_on(tmp_path: Path, number: int, to_group: bool) -> None:
    """The real command with its fork server: stopped by a kill of the parent alone, and by Ctrl-C."""
    results, mark = tmp_path / "results", f"RUN_MARK={tmp_path}"
    command = [sys.executable, str(HERE / "slow_command.py"), "run", "screen.toml", "-o", str(results), "--workers", "2"]
    environment = {**os.environ, "RUN_MARK": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        deadline = time.monotonic() + 60
        while not (results / "ledger.jsonl").exists() or len((results / "ledger.jsonl").read_bytes()) == 0:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        (os.killpg if to_group else os.kill)(process.pid, number)
        _, told = process.communicate(timeout=30)
    if number != signal.SIGKILL:
        assert process.returncode == 130
        assert told == f"Stopped. Finished wells are kept; to go on:\n  coculture run screen.toml -o {results}\n"
    deadline = time.monotonic() + 10
    while processes_with(mark):
        assert time.monotonic() < deadline, "a worker outlived its run"
        time.sleep(0.05)
    if number != signal.SIGKILL:
        return
    before = len((results / "ledger.jsonl").read_text().splitlines())
    assert 0 < before < 24
    again = subprocess.run([*command, "--workers", "1", "--quiet"], env=environment, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr) == (0, "")
    assert len((results / "ledger.jsonl").read_text().splitlines()) == 24
