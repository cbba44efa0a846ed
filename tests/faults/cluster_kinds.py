"""Faults of a Dask cluster: one of its workers, or its scheduler, is lost in the middle of a well."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from drawn_faults import Fault
from stage import MADE_UP_WELLS, Stage, await_that

RUN_TESTS = Path(__file__).parents[1] / "run"
PROGRAM = "import sys; from distributed.cli.dask_{0} import main; sys.argv = ['dask-{0}', *sys.argv[1:]]; main()"


def _started(what: str, *words: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": str(RUN_TESTS)}
    command = [sys.executable, "-c", PROGRAM.format(what), *words, "--no-dashboard"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def _listens(port: int) -> bool:
    with socket.socket() as found:
        return found.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Cluster:
    """A scheduler and its workers, as ``dask scheduler`` and ``dask worker`` start them."""

    port: int = 0
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def with_workers(self, number: int) -> Cluster:
        """Start the scheduler, and so many workers, where they are not there."""
        if self.scheduler is None:
            self.port = _free_port()
            self.scheduler = _started("scheduler", "--host", "127.0.0.1", "--port", str(self.port))
            await_that(lambda: _listens(self.port))
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < number:
            self.workers.append(_started("worker", self.address, "--nthreads", "1", "--no-nanny"))
        return self

    def end(self) -> None:
        """Kill all that is there."""
        for process in (*self.workers, *([self.scheduler] if self.scheduler else [])):
            process.kill()
            process.wait()
        self.workers, self.scheduler = [], None


THE_CLUSTER = Cluster()


def worker_lost(stage: Stage, fault: Fault) -> None:
    """A machine of the cluster goes down in the middle of a well: another one does it, as if nothing had been."""
    cluster, well = THE_CLUSTER.with_workers(2), MADE_UP_WELLS[2 * fault.well]

    def strike(child: int) -> None:
        worker = stage.process_holding(well)
        (lost,) = (one for one in cluster.workers if one.pid == worker)
        time.sleep(fault.moment * 0.1)
        lost.kill()
        lost.wait()

    ended = stage.run(strike, scheduler=cluster.address, held=[well])
    assert (ended.code, ended.told) == (0, "")
    assert len(stage.ledger()) == len(MADE_UP_WELLS)
    stage.require_whole_files()
    stage.require_recovery()


def scheduler_lost(stage: Stage, fault: Fault) -> None:
    """The scheduler goes down, and with it the run; it goes on here, or on a new cluster."""
    cluster, well = THE_CLUSTER.with_workers(1), MADE_UP_WELLS[2 * fault.well]

    def strike(child: int) -> None:
        stage.process_holding(well)
        time.sleep(fault.moment * 0.1)
        assert cluster.scheduler is not None
        os.kill(cluster.scheduler.pid, signal.SIGKILL)

    ended = stage.run(strike, scheduler=cluster.address, held=[well])
    assert ended.code == 2, ended
    assert "the Dask scheduler was lost" in ended.told
    assert "finished wells are kept" in ended.told
    cluster.end()
    assert stage.wells("done") < set(MADE_UP_WELLS)
    stage.require_whole_files(stopped_dead=True)
    more = {"scheduler": cluster.with_workers(1).address} if fault.moment > 0.8 else {}
    stage.require_recovery(**more)
