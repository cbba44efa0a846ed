"""Run the real command line in forked children, so that a campaign of faults does not pay for imports each time.

Reads one JSON order a line: {"results", "told", "workers", "recipe", "hungry", "seconds", "file_limit", "inputs", "spoil",
"arguments"}. A child is the leader of its own group, writes what it tells a person to the file ``told``, and its process
id and exit code are answered as in ``kill_driver.py``. Without a recipe the wells are made up.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "run"))
sys.path.insert(0, str(Path(__file__).parent))

from fake_job import RECIPE as WITHOUT_IMAGES
from fake_job import fake_job
from hungry_source import HungrySource

import coculture.cli.run  # noqa: F401  (imported here so that no child has to)
import coculture.run.execute as execution
from coculture.cli.app import _as_interrupt, _exit_code
from coculture.run import finish, pipeline  # noqa: F401  (imported here so that no child has to)
from coculture.run.executors.processes import ProcessExecutor
from coculture.run.microscope_job import microscope_job
from coculture.run.plan import make_plan
from coculture.run.recipe.reading import read_recipe

Order = dict[str, Any]
RECIPE = WITHOUT_IMAGES.replace("images = false", "images = true")


def give_fake_wells(order: Order) -> None:
    """Put the fake source where the recipe's would be."""

    def run_fake(recipe: Path, out: Path, *, images: Path | None, scheduler: str | None, **named: Any) -> execution.RunOutcome:
        job = fake_job(HungrySource(seconds=order["seconds"], with_images=True, hungry=tuple(order["hungry"])), RECIPE)
        root = Path(order["inputs"]) if order["inputs"] else Path()
        inputs = {("P1", "A01"): ("a.tif",)} if order["inputs"] else {}
        wanted = {name: named[name] for name in ("workers", "fresh", "progress")}
        return execution.execute(execution.Job(job.recipe, job.source, job.state, inputs, root), out, **wanted)

    pipeline.run_screen = run_fake


def spoil_after_check(order: Order) -> None:
    """Put spoilt images in their places when the check is done and the run has not begun."""

    def spoiling(*given: Any, **named: Any) -> Any:
        for spoilt, image in order["spoil"]:
            shutil.copyfile(spoilt, image)
        return execution.execute(*given, **named)

    pipeline.execute = spoiling


def run(order: Order) -> int:
    """Do one order in this process, which then ends."""
    told = os.open(order["told"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(told, 1)
    os.dup2(told, 2)
    signal.signal(signal.SIGTERM, _as_interrupt)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    execution.ProcessExecutor = lambda workers, preload=(): ProcessExecutor(workers, start="fork")
    if order["hungry"]:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 2_000_000_000, resource.RLIM_INFINITY))
    if order["file_limit"]:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_limit"], resource.RLIM_INFINITY))
    if order["recipe"]:
        spoil_after_check(order)
    else:
        give_fake_wells(order)
    words = ["run", order["recipe"] or "screen.toml", "-o", order["results"], "--workers", str(order["workers"])]
    return _exit_code([*words, "--no-report", "--quiet", *order["arguments"]])


def load_kernels(recipe: str) -> None:
    """Let one well be read here, so that no child has to load compiled kernels."""
    job = microscope_job(make_plan(read_recipe(Path(recipe))))
    folder = Path(recipe).parent / "kernels"
    job.source.prepare(folder)
    job.source.observe(folder, *job.source.wells()[0])


def main() -> None:
    """Serve orders until the input ends."""
    loaded = False
    for line in sys.stdin:
        order = json.loads(line)
        if order["recipe"] and not loaded:
            load_kernels(order["recipe"])
            loaded = True
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
        with suppress(PermissionError, ProcessLookupError):
            os.setpgid(child, child)
        print(json.dumps({"pid": child}), flush=True)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    main()
