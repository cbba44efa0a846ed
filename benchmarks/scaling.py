"""What does a large screen cost the process that runs it, how does it scale with workers, and how is a large table judged?

Questions: (1) processor time of the parent per well and its memory, for local processes and for a Dask cluster; (2) how much
faster are two workers than one; (3) a table of 100,000 wells × 500 features, from the file to the tables of results: seconds
and memory.

    python benchmarks/scaling.py [parent|workers|table|all] [--wells 1000 10000] [--rounds 3] [--features 500]

`parent` runs trivial wells in a process of its own for each number; with Dask the scheduler is another process and is told
apart. `workers` alternates one and two workers over wells that only compute. Times of a busy machine are upper bounds: the
load is printed, and `workers` is best run on a quiet one.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import numpy as np

from machine import describe

HERE = Path(__file__).resolve().parent
RECIPE = """
[screen]
name = "scaling"
seed = 3
[source]
kind = "images"
images = "images"
pattern = "plain"
[source.channels]
dna = "w1"
[plate]
layout = 384
map = "map.csv"
[dose_response]
model = "none"
[[readout]]
name = "ratio"
column = "ratio"
primary = true
[store]
images = false
"""
TABLE = """
[screen]
name = "wide"
[source]
kind = "wells"
table = "{table}"
[source.columns]
n_cells = "n_cells"
[plate]
layout = 384
[analysis]
normalise = "robust-z"
[dose_response]
model = "none"
{readouts}
[profiles]
features = ["cell_f*"]
"""
MECHANISM = 'mechanism = "mechanism"\n'


def parent_of(wells: int, executor: str, workers: int, sleep_s: float, loops: int) -> dict[str, float]:
    """Run wells in this process as the parent, and return what it took."""
    from coculture.run.cluster import ClusterExecutor
    from coculture.run.execute import Job, execute
    from coculture.run.recipe.reading import parse_recipe
    from coculture.run.state import state_of
    from scaling_source import EmptySource, plate_map

    recipe = parse_recipe(RECIPE)
    job = Job(recipe, EmptySource(plate_map(wells), sleep_s, loops), state_of(recipe, {}, "none"))
    found: dict[str, float] = {}

    def progress(lines: Iterator[object], before: int, of: int) -> Iterator[object]:
        yield from lines
        found["cpu_of_wells_s"], found["wall_of_wells_s"] = time.process_time() - cpu, time.perf_counter() - wall
        found["peak_of_wells_mb"] = peak_mb()

    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results"
        spread = None if executor == "local" else ClusterExecutor(executor, results)
        found["peak_before_mb"] = peak_mb()
        cpu, wall = time.process_time(), time.perf_counter()
        execute(job, results, workers=workers, progress=progress, executor=spread)  # type: ignore[arg-type]
        found |= {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall, "peak_mb": peak_mb()}
        found["files"] = sum(len(files) for _, _, files in os.walk(results))
        found["ledger_bytes"] = (results / "ledger.jsonl").stat().st_size
    return found


def peak_mb() -> float:
    """Return the most memory this process held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(*arguments: str) -> dict[str, float]:
    """Return what another process of this script finds."""
    environment = os.environ | {"PYTHONPATH": str(HERE), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, __file__, *arguments], env=environment, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


@contextmanager
def dask_cluster(workers: int) -> Iterator[tuple[str, int]]:
    """Give the address of a scheduler with worker processes, and the scheduler's process number."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, environment = f"tcp://127.0.0.1:{port}", os.environ | {"PYTHONPATH": str(HERE), "OMP_NUM_THREADS": "1"}
    program = "import sys; from distributed.cli.dask_{0} import main; sys.argv = ['dask-{0}', *sys.argv[1:]]; main()"
    begun = []

    def start(kind: str, *arguments: str) -> None:
        command = [sys.executable, "-c", program.format(kind), *arguments, "--no-dashboard"]
        begun.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    try:
        start("scheduler", "--host", "127.0.0.1", "--port", str(port))
        for _ in range(workers):
            start("worker", address, "--nthreads", "1", "--no-nanny", "--memory-limit", "0")
        await_port(port)
        yield address, begun[0].pid
    finally:
        for process in reversed(begun):
            process.kill()
            process.wait()


def await_port(port: int) -> None:
    """Wait until a scheduler listens, so that its start is no part of what wells cost it."""
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    raise TimeoutError(f"no scheduler on port {port}")


def cpu_of(pid: int) -> float:
    """Return the processor seconds of a living process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def parent(sizes: list[int], executors: list[str]) -> None:
    """Print processor time and memory of the parent for each number of wells."""
    for executor in executors:
        before: tuple[int, float] | None = None
        for wells in sizes:
            with dask_cluster(2) if executor == "dask" else nullcontext(("local", 0)) as (address, scheduler):
                started = cpu_of(scheduler) if scheduler else 0.0
                found = measured("one", "--wells", str(wells), "--executor", address, "--workers", "2")
                of_scheduler = f"; scheduler {1e3 * (cpu_of(scheduler) - started) / wells:.2f} ms a well" if scheduler else ""
            told = f"{executor}, {wells} wells: parent {1e3 * found['cpu_s'] / wells:.2f} CPU ms a well, of these "
            told += f"{1e3 * found['cpu_of_wells_s'] / wells:.2f} while the wells are done{of_scheduler}; "
            told += f"{wells / found['wall_of_wells_s']:.0f} wells/s; memory {found['peak_mb']:.0f} MB "
            told += f"({found['peak_of_wells_mb']:.0f} before the analysis, {found['peak_before_mb']:.0f} before the wells)"
            if before is not None:
                told += f"; {1024 * (found['peak_mb'] - before[1]) / (wells - before[0]):.1f} KB more for each more well"
            before = (wells, found["peak_mb"])
            print(f"{told}; {found['files'] / wells:.2f} files and {found['ledger_bytes'] / wells:.0f} ledger bytes a well")
            print(f"    load {os.getloadavg()[0]:.1f}", flush=True)


def workers(rounds: int, wells: int, loops: int) -> None:
    """Print how much faster two workers are than one, alternating."""
    taken: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(rounds):
        for count in (1, 2):
            with dask_cluster(count) as (address, _):
                arguments = ("one", "--wells", str(wells), "--loops", str(loops), "--executor", address)
                taken[count].append(measured(*arguments)["wall_of_wells_s"])
            print(f"{count} workers: {taken[count][-1]:.1f} s for {wells} wells, load {os.getloadavg()[0]:.1f}", flush=True)
    one, two = statistics.median(taken[1]), statistics.median(taken[2])
    print(f"1 → 2 workers: {one / two:.2f} times as fast (medians of {rounds}: {one:.1f} and {two:.1f} s; bar 1.8)")


def write_table(path: Path, wells: int, features: int) -> None:
    """Write a table of whole plates: compounds in four replicates, one in twenty of them active, a shift of every plate."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(0)
    plates = -(-wells // 384)
    place = np.arange(plates * 384)
    column, plate = place % 24, place // 384
    role = np.where(column == 0, "negative", np.where(column == 23, "positive", "treatment"))
    treated = role == "treatment"
    number = np.where(treated, (np.cumsum(treated) - 1) % -(-int(treated.sum()) // 4), -1)
    compound = np.where(role == "negative", "", np.where(role == "positive", "killer", [f"c{one}" for one in number]))
    active = (number >= 0) & (number % 20 == 0)
    texts = {"plate": [f"P{one + 1}" for one in plate], "role": role, "compound": compound}
    texts["well"] = [f"{chr(65 + one % 384 // 24)}{one % 24 + 1:02d}" for one in place]
    texts["mechanism"] = np.where(active, [f"m{one // 20 % 40}" for one in number], "")
    texts["dose_unit"] = np.where(role == "negative", "", "uM")
    columns = {name: pa.array(list(map(str, values))) for name, values in texts.items()}
    columns |= {"dose": pa.array(np.where(role == "negative", 0.0, 10.0)), "n_cells": pa.array(random.poisson(500, len(place)))}
    for one in range(features):
        of_compound = random.standard_normal(int(number.max()) + 1) * 1.5
        values = random.standard_normal(len(place)) + random.standard_normal(plates)[plate]
        values += np.where(active, of_compound[number], 0.0) + np.where(role == "positive", 2.0, 0.0)
        columns[f"cell_f{one:03d}"] = pa.array(values)
    pq.write_table(pa.table(columns), path)


def judged(path: Path, readouts: int, mechanisms: bool) -> dict[str, float]:
    """Analyse a table as `coculture analyse` does, and return what it took."""
    from coculture.run.pipeline import analyse_wells

    asked = "".join(
        f'[[readout]]\nname = "r{one}"\ncolumn = "cell_f{one:03d}"\ndirection = "both"\nprimary = {str(one == 0).lower()}\n'
        for one in range(readouts)
    )
    with tempfile.TemporaryDirectory() as folder:
        recipe = Path(folder) / "screen.toml"
        text = TABLE.format(table=path, readouts=asked) + (MECHANISM if mechanisms else "")
        recipe.write_text(text, encoding="utf-8")
        cpu, wall = time.process_time(), time.perf_counter()
        outcome = analyse_wells(None, recipe, Path(folder) / "results")
        found = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall, "peak_mb": peak_mb()}
        return found | {"wells": outcome.n_wells, "hits": len(outcome.result.hits)}


def table(wells: int, features: int, readouts: list[int]) -> None:
    """Print what a large table costs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wells.parquet"
        write_table(path, wells, features)
        print(f"the table: {path.stat().st_size / 1e6:.0f} MB", flush=True)
        for count in readouts:
            for mechanisms in ("no", "yes"):
                found = measured("judged", "--file", str(path), "--readouts", str(count), "--mechanisms", mechanisms)
                told = f"{found['wells']:.0f} wells × {features} features, {count} read-outs, mechanisms {mechanisms}: "
                told += f"{found['cpu_s']:.0f} CPU s, {found['wall_s']:.0f} s by the clock, {found['peak_mb'] / 1024:.2f} GiB"
                print(f"{told} (bar 120 s, 4 GB); load {os.getloadavg()[0]:.1f}", flush=True)


def main() -> None:
    """Read what is asked, and do it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=["all", "parent", "workers", "table", "one", "judged"], default="all")
    parser.add_argument("--wells", type=int, nargs="*")
    parser.add_argument("--executor", nargs="*", default=["local", "dask"])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--loops", type=int, default=0)
    parser.add_argument("--sleep", type=float, default=0.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--features", type=int, default=500)
    parser.add_argument("--readouts", type=int, nargs="*", default=[2])
    parser.add_argument("--file", type=Path)
    parser.add_argument("--mechanisms", choices=["no", "yes"], default="no")
    asked = parser.parse_args()
    if asked.what == "one":
        print(json.dumps(parent_of(asked.wells[0], asked.executor[0], asked.workers, asked.sleep, asked.loops)))
    elif asked.what == "judged":
        print(json.dumps(judged(asked.file, asked.readouts[0], asked.mechanisms == "yes")))
    else:
        print(describe(), flush=True)
        if asked.what in ("all", "parent"):
            parent(asked.wells or [1_000, 10_000], asked.executor)
        if asked.what in ("all", "workers"):
            workers(asked.rounds, (asked.wells or [130])[0], asked.loops or 2000)
        if asked.what in ("all", "table"):
            table((asked.wells or [100_000])[0], asked.features, asked.readouts)


if __name__ == "__main__":
    main()
