"""Executors: every item once, bounded look-ahead, and death that is survived."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from coculture.run.executors.base import Executor, WorkerDeath
from coculture.run.executors.processes import AHEAD, ProcessExecutor
from coculture.run.executors.serial import SerialExecutor

pytestmark = pytest.mark.usefixtures("fork_server")


def square(item: int) -> int:
    return item * item


def fail_at_three(item: int) -> int:
    if item == 3:
        raise ValueError("three")
    return item


@dataclass(frozen=True)
class Deadly:
    """Kills its worker: always at ``always``, and once (for all workers together) at ``once``."""

    folder: Path
    always: int
    once: int

    def __call__(self, item: int) -> int:
        if item == self.always:
            os.kill(os.getpid(), signal.SIGKILL)
        if item == self.once:
            mark = self.folder / "died"
            if not mark.exists():
                mark.touch()
                os._exit(11)
        return item


def note_pid(folder: Path) -> int:
    (folder / str(os.getpid())).touch()
    time.sleep(0.02)
    return os.getpid()


@pytest.fixture(params=[1, 2])
def executor(request: pytest.FixtureRequest) -> Executor:
    return SerialExecutor() if request.param == 1 else ProcessExecutor(request.param)


def test_every_item_comes_back_once(executor: Executor) -> None:
    assert dict(executor.results(square, range(20))) == {item: item * item for item in range(20)}
    assert list(executor.results(square, [])) == []


def test_what_a_task_raises_is_raised(executor: Executor) -> None:
    with pytest.raises(ValueError, match="three"):
        list(executor.results(fail_at_three, range(10)))


def test_items_are_taken_only_a_few_ahead() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for item in range(100):
            taken += 1
            yield item

    for done, _ in enumerate(ProcessExecutor(2).results(square, items()), start=1):
        assert taken <= done + 2 * AHEAD


def test_the_item_that_kills_its_worker_is_told_and_all_others_are_done(tmp_path: Path) -> None:
    outcome = dict(ProcessExecutor(2).results(Deadly(tmp_path, always=4, once=9), range(16)))
    death = outcome.pop(4)
    assert isinstance(death, WorkerDeath)
    assert "died twice" in death.reason
    assert outcome == {item: item for item in range(16) if item != 4}


def test_a_bystander_that_then_kills_its_own_worker_once_is_done(tmp_path: Path) -> None:
    """It had not begun when the crowd's pool broke; its first death is no second one."""
    assert ProcessExecutor(2)._alone(Deadly(tmp_path, always=4, once=9), 9) == 9
    assert isinstance(ProcessExecutor(2)._alone(Deadly(tmp_path, always=4, once=9), 4), WorkerDeath)


def test_leaving_early_leaves_no_worker(tmp_path: Path) -> None:
    results = ProcessExecutor(2).results(note_pid, [tmp_path] * 50)
    next(results)
    results.close()
    for mark in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(mark.name), 0)


def test_no_worker_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one worker"):
        ProcessExecutor(0)
