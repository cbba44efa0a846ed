"""Run the real command line in forked children, so that tests that disturb runs do not pay for imports each time.

Reads one JSON order a line: those of ``driven_runs.NOTHING`` with "results" and "told". For each it forks a child with a
process group of its own, which writes what it tells a person to the file ``told``, and answers with the child's process id.
Without a recipe the wells are made up. An order to "wait" for a child is answered with its exit code (negative: the signal
that killed it). A "command" is one of the shell, done where this process sees its own mounts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from run_faults import await_orphans, limit, spare_the_newborn, spoil_after_check, strike_at_step, turn_clock_back

import coculture.run.execute as execution
from coculture.cli.app import _exit_code
from coculture.run import finish, pipeline  # noqa: F401  (imported here so that no child has to)
from coculture.run.executors.processes import ProcessExecutor
from coculture.run.microscope_job import microscope_job
from coculture.run.plan import make_plan
from coculture.run.recipe.reading import read_recipe
from coculture.run.recipe.virtual import VirtualSource
from coculture.run.virtual_job import virtual_job
from coculture.run.virtual_plan import make_virtual_plan

Order = dict[str, Any]


def brief_cluster(scheduler: str, out: Path) -> Any:
    """Return the executor of a cluster, which here answers at once or not at all."""
    from coculture.run.executors import dask

    brief = dask.Patience(scheduler_s=20, workers_s=20, tick_s=0.2)
    dask.Patience = lambda: brief  # type: ignore[misc, assignment]
    return pipeline.ClusterExecutor(scheduler, out)


def give_fake_wells(order: Order) -> None:
    """Put the fake source where the recipe's would be."""
    from fake_job import RECIPE, fake_job
    from faulty_source import FaultySource

    def run_fake(recipe: Path, out: Path, *, images: Path | None, scheduler: str | None, **named: Any) -> execution.RunOutcome:
        faults = {name: tuple(order[name]) for name in ("hungry", "held", "deadly")}
        marks = Path(order["results"]).parent / "marks"
        source = FaultySource(seconds=order["seconds"], with_images=True, marks=marks, **faults)
        job = fake_job(source, RECIPE.replace("images = false", "images = true"))
        root = Path(order["inputs"]) if order["inputs"] else Path()
        inputs = {("P1", "A01"): ("a.tif",)} if order["inputs"] else {}
        wanted = {name: named[name] for name in ("workers", "fresh", "progress")}
        executor = brief_cluster(scheduler, out) if scheduler else None
        job = execution.Job(job.recipe, job.source, job.state, inputs, root)
        return execution.execute(job, out, executor=executor, **wanted)

    pipeline.run_screen = run_fake


def run(order: Order) -> int:
    """Do one order in this process, which then ends."""
    told = os.open(order["told"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(told, 1)
    os.dup2(told, 2)
    spare_the_newborn()
    execution.ProcessExecutor = lambda workers, preload=(): ProcessExecutor(workers, start="fork")
    results = Path(order["results"])
    if order["orphans"] and results.exists():
        await_orphans(results)
    if order["recipe"]:
        spoil_after_check(order["spoil"])
    else:
        give_fake_wells(order)
    if order["clock_back_s"]:
        turn_clock_back(order["clock_back_s"])
    limit(bool(order["hungry"]), order["file_limit"])
    if order["step"]:
        strike_at_step(order["step"], order["signal"], order["to_group"])
    where = ["--scheduler", order["scheduler"]] if order["scheduler"] else ["--workers", str(order["workers"])]
    words = ["run", order["recipe"] or "screen.toml", "-o", str(results), *where]
    return _exit_code([*words, "--no-report", "--quiet", *order["arguments"]])


@cache
def load_kernels(recipe: str) -> None:
    """Let one well be done here, so that no child has to load compiled kernels."""
    loaded = read_recipe(Path(recipe))
    is_virtual = isinstance(loaded.settings.source, VirtualSource)
    source = virtual_job(make_virtual_plan(loaded)).source if is_virtual else microscope_job(make_plan(loaded)).source
    with TemporaryDirectory() as folder:
        source.prepare(Path(folder))
        source.observe(Path(folder), *source.wells()[0])


def fork(order: Order) -> int:
    """Begin an order in a child and return its process id."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        code = 99
        try:
            code = run(order)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    with suppress(PermissionError, ProcessLookupError):  # both do it, so that it is done when the process is told
        os.setpgid(child, child)
    return child


def main() -> None:
    """Serve orders until the input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        if "command" in order:
            done = subprocess.run(order["command"], shell=True, capture_output=True, check=False)
            print(json.dumps({"code": done.returncode}), flush=True)
            continue
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), flush=True)
            continue
        if order["kernels"]:
            load_kernels(order["kernels"])
        print(json.dumps({"pid": fork(order)}), flush=True)


if __name__ == "__main__":
    main()
