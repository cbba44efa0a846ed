"""Run, strike, resume, serve and ask for half an hour: does memory stay flat, is a process, handle or file left behind?

    python tests/soak/soak.py [--minutes 30] [--rounds N] [--out build/soak]

One process does all of it through the functions the command line uses, beside a workbench and a Dask cluster of this machine that
live as long as it does. Every round runs a film of drawn wells and a virtual chip with flow (by two local processes, every
fourth round by the cluster), is struck by a Ctrl-C, by a killed worker or by a killed parent and resumed, analyses a table of
wells, writes reports, asks for every address of the workbench, exports, makes films, and removes what it made.
Files must be the same in every round.

Judged in the end, after a warm-up of one fifth of the rounds: memory of each process (median of the last fifth at most 5 % over
that of the second fifth), handles, threads, children, locks, names in shared memory and temporary files (no more in the last
fifth than in the second), and no zombie after any round. Exits with 1 where one does not hold.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "run"), str(HERE.parents[1] / "benchmarks")]


def main() -> int:
    """Soak, and print the verdicts."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--minutes", type=float, default=30.0)
    asked.add_argument("--rounds", type=int, default=0, help="this many rounds instead")
    asked.add_argument("--out", type=Path, default=Path("build/soak"), help="where the numbers of every round are written")
    asked.add_argument(
        "--slice", action="store_true", help="chip and table alone, no cluster, memory not judged: for a few rounds"
    )
    wanted = asked.parse_args()
    from coculture.run.executors.threads_of_libraries import one_thread_each

    one_thread_each()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        return soak(Path(folder), wanted.minutes, wanted.rounds, wanted.out, whole=not wanted.slice)


def soak(folder: Path, minutes: float, n_rounds: int, out: Path, *, whole: bool) -> int:
    """Play rounds until the time is up; return the exit code."""
    from company import company, environment
    from processes import descendants, name_of
    from questions import Reader
    from record import Record, verdicts
    from rounds import Stage

    from machine import describe

    environment(folder / "temporary")
    logging.getLogger("distributed").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    out.mkdir(parents=True, exist_ok=True)
    print(f"{describe()}, load {os.getloadavg()[0]:.1f}", flush=True)
    begun = time.monotonic()
    kept = Stage.keep_one(folder)
    with company(kept.parent, cluster=whole) as there:
        stage = Stage(folder, there, ("film", "chip", "table") if whole else ("chip", "table"))
        record, reader = Record(folder, there, killed=stage.killed), Reader(there.address)
        stage.prepare()
        while len(record.rounds) < n_rounds if n_rounds else time.monotonic() - begun < 60 * minutes:
            start = time.monotonic()
            strike = stage.play(len(record.rounds), reader)
            now = record.take(strike, time.monotonic() - start)
            record.write(out / "rounds.csv")
            print(now.line(), flush=True)
        found = verdicts(record.rounds, memory=whole)
        print(f"\n{len(record.rounds)} rounds, {reader.asked} questions, load {os.getloadavg()[0]:.1f}")
        print("\n".join(one.line() for one in found))
    left = [name_of(one.pid) for one in descendants(os.getpid())]
    print("children left when all was ended, but for those that multiprocessing ends last:", left)
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
