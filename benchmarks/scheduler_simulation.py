"""How many workers can one scheduler and one parent keep at work? A discrete-event simulation, checked on real clusters.

A well passes four places. The parent hands it out and later writes its line to the ledger; the scheduler passes both on; a
worker does it; the storage takes its bytes and its files. Parent and scheduler do one thing at a time. The storage shares its
bandwidth among those who write, at most one worker's share each, and makes files one after the other. A worker holds two
wells at most, the one it does and the next, as the program's executor does.

    python benchmarks/scheduler_simulation.py [simulate|check|all] [--sleep 0.5] [--real 2 8 16] [--wells-each 40]

`check` starts real schedulers with workers that sleep, takes the costs of parent and scheduler from the same runs at the
smallest sleep, simulates the others, and prints the error. `simulate` goes up to thousands of workers with the costs below.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import os
import statistics
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from machine import describe
from scaling import cpu_of, dask_cluster, measured

AHEAD = 2


@dataclass(frozen=True)
class Costs:
    """What a well costs each place.

    Attributes
    ----------
    parent_ms : to hand out and take in a well, ledger and its fsync included.
    scheduler_ms : to pass on a well and what became of it.
    delay_ms : on the network, each way.
    start_ms : of a worker between two wells.
    megabytes : written by a well.
    files : made by a well.
    megabytes_per_s : of the storage, all workers together.
    worker_megabytes_per_s : most that one worker writes.
    file_ms : of the storage for each file, one after the other.
    """

    parent_ms: float = 2.0
    scheduler_ms: float = 1.5
    delay_ms: float = 1.0
    start_ms: float = 2.0
    megabytes: float = 1.0
    files: float = 4.0
    megabytes_per_s: float = 1_000.0
    worker_megabytes_per_s: float = 100.0
    file_ms: float = 0.2


@dataclass(frozen=True)
class Outcome:
    """What a simulated cluster came to.

    Attributes
    ----------
    wells_per_s : done, in the middle half of the run: all workers have begun, and none has run out of wells.
    whole_wells_per_s : the same from the first hand-out to the last well.
    workers, parent, scheduler, storage : fraction of the time each was at work; of workers only the wells themselves count.
    """

    wells_per_s: float
    whole_wells_per_s: float
    workers: float
    parent: float
    scheduler: float
    storage: float

    @property
    def bottleneck(self) -> str:
        """The place that holds the others up, 'none' while workers are at work nine tenths of the time."""
        shares = {"parent": self.parent, "scheduler": self.scheduler, "storage": self.storage}
        return "none" if self.workers >= 0.9 else max(shares, key=lambda name: shares[name])


class OneAtATime:
    """A place that does one thing at a time, in the order of coming."""

    def __init__(self) -> None:
        self.free = 0.0

    def until(self, now: float, takes: float) -> float:
        """Return when something is done that comes now."""
        self.free = max(now, self.free) + takes
        return self.free


def simulated(workers: int, seconds: NDArray[np.float64], costs: Costs) -> Outcome:
    """Simulate a cluster.

    Parameters
    ----------
    workers : how many.
    seconds : of each well, (n,), in the order they are handed out.
    costs : of the places.

    Returns
    -------
    What came of it. Storage is a line of its own: a well's write begins when the storage has room for it, and takes as long as
    the slower of the storage and the worker's own share.
    """
    parent, scheduler, storage = OneAtATime(), OneAtATime(), OneAtATime()
    order, delay = itertools.count(), costs.delay_ms / 1e3
    events: list[tuple[float, int, str, int]] = []
    waiting = [0] * workers  # wells handed to a worker and not begun
    idle, handed = [True] * workers, 0
    told: list[float] = []  # when the parent heard of each well
    alone = costs.megabytes / costs.worker_megabytes_per_s

    def push(when: float, what: str, worker: int) -> None:
        heapq.heappush(events, (when, next(order), what, worker))

    def hand_out(now: float, worker: int) -> None:
        nonlocal handed
        if handed < len(seconds):
            handed += 1
            sent = parent.until(now, 0.5 * costs.parent_ms / 1e3)
            push(scheduler.until(sent + delay, 0.5 * costs.scheduler_ms / 1e3) + delay, "arrives", worker)

    for worker in [worker for _ in range(AHEAD) for worker in range(workers)]:
        hand_out(0.0, worker)
    begun = itertools.count()
    while events:
        now, _, what, worker = heapq.heappop(events)
        if what == "arrives":
            waiting[worker] += 1
        elif what == "computed":
            takes = costs.megabytes / costs.megabytes_per_s + costs.files * costs.file_ms / 1e3
            push(max(storage.until(now, takes), now + alone), "written", worker)
        elif what == "written":
            idle[worker] = True
            push(scheduler.until(now + delay, 0.5 * costs.scheduler_ms / 1e3) + delay, "told", worker)
        else:
            told.append(now)
            hand_out(parent.until(now, 0.5 * costs.parent_ms / 1e3), worker)
        if waiting[worker] and idle[worker]:
            waiting[worker] -= 1
            idle[worker] = False
            takes = float(seconds[next(begun)])
            push(now + costs.start_ms / 1e3 + takes, "computed", worker)
    first, last = len(told) // 4, 3 * len(told) // 4
    rate = (last - first) / (told[last] - told[first])
    in_storage = costs.megabytes / costs.megabytes_per_s + costs.files * costs.file_ms / 1e3
    shares = (float(seconds.mean()) / workers, costs.parent_ms / 1e3, costs.scheduler_ms / 1e3, in_storage)
    return Outcome(rate, len(told) / told[-1], *(rate * share for share in shares))


def well_times(mean_s: float, n: int, spread: float = 0.35) -> NDArray[np.float64]:
    """Return times of wells, log-normal about a mean; the spread is that of the wells of a real virtual plate."""
    random = np.random.default_rng(7)
    return np.asarray(mean_s * random.lognormal(-0.5 * spread**2, spread, n))


def simulate(means_s: list[float], costs: Costs) -> None:
    """Print how busy workers are for each number of them and each mean time of a well."""
    for mean_s in means_s:
        print(f"wells of {mean_s:g} s on average:")
        for workers in (10, 100, 300, 1_000, 2_000, 4_000):
            found = simulated(workers, well_times(mean_s, 12 * workers), costs)
            told = f"  {workers:5d} workers: {found.wells_per_s:7.1f} wells/s, workers {found.workers:.0%} at work, "
            told += f"parent {found.parent:.0%}, scheduler {found.scheduler:.0%}, storage {found.storage:.0%}"
            print(f"{told}; held up by: {found.bottleneck}", flush=True)


def real(workers: int, wells: int, sleep_s: float) -> tuple[float, Costs]:
    """Return wells per second of a real cluster whose wells sleep, and what parent and scheduler took for a well."""
    with dask_cluster(workers) as (address, scheduler):
        before = cpu_of(scheduler)
        found = measured("one", "--wells", str(wells), "--sleep", str(sleep_s), "--executor", address)
        of_scheduler = cpu_of(scheduler) - before
    costs = Costs(parent_ms=1e3 * found["cpu_of_wells_s"] / wells, scheduler_ms=1e3 * of_scheduler / wells)
    return wells / found["wall_of_wells_s"], costs


def check(numbers: list[int], sleep_s: float, each: int) -> Costs:
    """Print how far the simulation lies from real clusters; return the costs that were measured."""
    few, costs = real(numbers[0], each * numbers[0], sleep_s)
    overhead = numbers[0] / few - sleep_s  # of a worker for a well: writing its files, and starting
    print(f"{numbers[0]} workers, to fit: {few:.1f} wells/s; a well takes {1e3 * overhead:.0f} ms beside its sleep")
    fitted = replace(costs, start_ms=1e3 * overhead, megabytes=0.0, files=0.0)
    errors, seen = [], [costs]
    for workers in numbers[1:]:
        rate, own = real(workers, each * workers, sleep_s)
        expected = simulated(workers, np.full(each * workers, sleep_s), replace(fitted, **_of_places(own))).whole_wells_per_s
        errors.append(abs(expected / rate - 1))
        seen.append(own)
        told = f"{workers} workers: {rate:.1f} wells/s measured, {expected:.1f} simulated ({expected / rate - 1:+.0%}); "
        told += f"parent {own.parent_ms:.2f} CPU ms a well, scheduler {own.scheduler_ms:.2f}; load {os.getloadavg()[0]:.1f}"
        print(told, flush=True)
    if errors:
        print(f"largest error {max(errors):.0%}")
    parent_ms = statistics.median(one.parent_ms for one in seen)
    return replace(Costs(), parent_ms=parent_ms, scheduler_ms=statistics.median(one.scheduler_ms for one in seen))


def _of_places(costs: Costs) -> dict[str, float]:
    return {"parent_ms": costs.parent_ms, "scheduler_ms": costs.scheduler_ms}


def main() -> None:
    """Read what is asked, and do it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=["simulate", "check", "all"], default="all")
    parser.add_argument("--sleep", type=float, default=1.0)
    parser.add_argument("--real", type=int, nargs="*", default=[2, 4, 8])
    parser.add_argument("--wells-each", type=int, default=20)
    parser.add_argument("--means", type=float, nargs="*", default=[5.0, 60.0, 300.0])
    asked = parser.parse_args()
    print(describe(), flush=True)
    costs = check(asked.real, asked.sleep, asked.wells_each) if asked.what != "simulate" else Costs()
    if asked.what != "check":
        print(costs)
        simulate(asked.means, costs)


if __name__ == "__main__":
    main()
