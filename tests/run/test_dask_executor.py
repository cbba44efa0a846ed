"""A Dask cluster in place of this machine's processes: the same contract, the same bytes, faults told in plain words."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tests.run.test_executors as contract
from click.testing import CliRunner
from result_bytes import bytes_of
from small_screen import RECIPE, write_screen

from coculture.cli.run import command
from coculture.errors import FileError, InputError, MissingExtraError
from coculture.run.cluster import GuestTask
from coculture.run.executors.base import WorkerDeath
from coculture.run.executors.cluster_fit import Fit, require_fit, software
from coculture.run.executors.dask import DaskExecutor, Patience
from coculture.run.executors.meeting import FolderMeeting
from coculture.run.executors.processes import AHEAD
from coculture.run.executors.told import MOST_BYTES
from coculture.run.lock import await_last_workers
from coculture.run.pipeline import run_screen

pytestmark = pytest.mark.usefixtures("quiet")

BRIEF = Patience(scheduler_s=5, workers_s=20, tick_s=0.2)


@pytest.fixture(scope="module")
def quiet() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado", "asyncio")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="module")
def cluster(quiet: None) -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=logging.CRITICAL
    ) as found:
        yield found
    gc.collect()


@pytest.fixture
def executor(cluster: Any, tmp_path: Path) -> DaskExecutor:
    return DaskExecutor(cluster.scheduler_address, tmp_path / "results" / "work", BRIEF)


def test_every_item_comes_back_once_and_nothing_is_left(executor: DaskExecutor, tmp_path: Path) -> None:
    assert dict(executor.results(contract.square, range(20))) == {item: item * item for item in range(20)}
    assert list(executor.results(contract.square, [])) == []
    assert list((tmp_path / "results" / "work").iterdir()) == []


def test_what_a_task_raises_is_raised(executor: DaskExecutor) -> None:
    with pytest.raises(ValueError, match="three"):
        list(executor.results(contract.fail_at_three, range(10)))


def test_items_are_taken_only_a_few_ahead(executor: DaskExecutor) -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for item in range(40):
            taken += 1
            yield item

    for done, _ in enumerate(executor.results(contract.square, items()), start=1):
        assert taken <= done + 2 * AHEAD
    assert taken == 40


def test_the_item_that_kills_its_worker_is_told_and_all_others_are_done(executor: DaskExecutor, tmp_path: Path) -> None:
    outcome = dict(executor.results(contract.Deadly(tmp_path, always=4, once=9), range(16)))
    death = outcome.pop(4)
    assert isinstance(death, WorkerDeath)
    assert "died twice" in death.reason
    assert outcome == {item: item for item in range(16) if item != 4}


@dataclass(frozen=True)
class LateDeath:
    """Does item 0, and kills its worker a little after the result was given; every item done is written down."""

    folder: Path

    def __call__(self, item: int) -> int:
        if item == 0:
            while not (self.folder / "done").exists():  # another item comes back first
                time.sleep(0.02)
            time.sleep(0.3)
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGKILL)).start()
        with (self.folder / "done").open("a") as file:
            file.write(f"{item}\n")
        return item


def test_what_was_done_outlives_its_worker(executor: DaskExecutor, tmp_path: Path) -> None:
    results = executor.results(LateDeath(tmp_path), range(4))
    found = dict([next(results)])
    assert 0 not in found
    time.sleep(1.2)  # the parent is at something else while the worker dies that did item 0
    found |= dict(results)
    assert found == {item: item for item in range(4)}
    assert (tmp_path / "done").read_text().split().count("0") == 1


def test_a_result_too_large_to_tell_is_fetched(executor: DaskExecutor) -> None:
    assert [len(text) for _, text in executor.results(LargeText(MOST_BYTES + 1), [1])] == [MOST_BYTES + 1]


@dataclass(frozen=True)
class LargeText:
    """A task whose result is a long text."""

    size: int

    def __call__(self, item: int) -> str:
        return "x" * self.size


def test_a_run_on_a_cluster_gives_the_bytes_of_a_local_one(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named by a relative path, from a folder that the workers do not stand in."""
    write_screen(tmp_path, RECIPE + '[illumination]\nmethod = "none"\n')
    monkeypatch.chdir(tmp_path)
    local = run_screen(Path("screen.toml"), Path("local"), workers=1)
    spread = run_screen(Path("screen.toml"), Path("spread"), scheduler=cluster.scheduler_address)
    assert spread.failed == local.failed == ()
    assert bytes_of(tmp_path / "spread") == bytes_of(tmp_path / "local")
    await_last_workers(tmp_path / "spread", patience_s=0)  # the cluster's workers live on, but no longer here


def test_presence_is_noted_while_an_item_is_done(tmp_path: Path) -> None:
    def refused(folder: Path) -> bool:
        with pytest.raises(FileError, match="still writing"):
            await_last_workers(folder, patience_s=0)
        return True

    assert GuestTask(refused, tmp_path)(tmp_path)
    await_last_workers(tmp_path, patience_s=0)


def test_a_worker_that_is_not_fit_is_named(cluster: Any, tmp_path: Path) -> None:
    from distributed import Client

    with Client(cluster.scheduler_address, set_as_default=False) as client:
        with pytest.raises(InputError, match=r"coculture \S+ \(here 9\.9\)"):
            require_fit(client, Fit(software() | {"coculture": "9.9"}, FolderMeeting(tmp_path)))
        with pytest.raises(FileError, match="does not see the results folder"):
            require_fit(client, Fit(software(), FolderMeeting(tmp_path / "work" / "gone")))
    told = list(Fit(software(), FolderMeeting(tmp_path)).problems(software(), ("", ""), 4, "tcp://a:1"))
    assert ["runs 4 threads" in problem.what for problem in told] == [True]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def test_no_scheduler_and_no_address_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no address of a scheduler"):
        DaskExecutor("here", tmp_path)
    nobody = DaskExecutor(f"tcp://127.0.0.1:{_free_port()}", tmp_path, Patience(scheduler_s=0.5))
    with pytest.raises(FileError, match="no Dask scheduler answers"):
        list(nobody.results(contract.square, range(3)))


def test_a_lost_scheduler_and_a_lack_of_workers_are_told(tmp_path: Path) -> None:
    port = _free_port()
    address = f"tcp://127.0.0.1:{port}"
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    program = "import sys; from distributed.cli.dask_{0} import main; sys.argv = ['dask-{0}', *sys.argv[1:]]; main()"
    base = [sys.executable, "-c"]
    scheduler = subprocess.Popen(
        [*base, program.format("scheduler"), "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **silent
    )
    try:
        alone = DaskExecutor(address, tmp_path / "work", Patience(scheduler_s=20, workers_s=0.5, tick_s=0.2))
        with pytest.raises(FileError, match=r"has had no worker for 0\.5 s"):
            list(alone.results(contract.square, range(3)))
        worker = subprocess.Popen(
            [*base, program.format("worker"), address, "--nthreads", "1", "--no-dashboard", "--no-nanny"],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            **silent,
        )
        try:
            results = DaskExecutor(address, tmp_path / "work", BRIEF).results(contract.note_pid, [tmp_path] * 500)
            next(results)
            scheduler.kill()
            with pytest.raises(FileError, match="the Dask scheduler was lost") as lost:
                list(results)
            assert "the same command to go on" in str(lost.value)
        finally:
            worker.kill()
            worker.wait()
    finally:
        scheduler.kill()
        scheduler.wait()


def test_without_the_library_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"coculture\[cluster\]"):
        DaskExecutor("tcp://127.0.0.1:1", tmp_path)


def test_workers_and_scheduler_exclude_each_other() -> None:
    told = CliRunner().invoke(command, ["screen.toml", "--workers", "2", "--scheduler", "tcp://h:1"])
    assert told.exit_code == 2
    assert "exclude each other" in told.output
