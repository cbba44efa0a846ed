"""Start runs that can be killed, without paying for the imports each time.

Reads one JSON order a line from standard input: {"results", "workers", "step", "recipe"}; a recipe is one of a virtual
screen, without one wells are made up. For each it forks a child with a
process group of its own, answers with the child's process id, waits for it, and answers with its exit code
(negative: the signal that killed it). ``step`` > 0 makes the child kill itself just before its so-many-th rename or
sync; 0 leaves it alone.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from fake_job import RECIPE, fake_job
from fake_source import FakeSource

from coculture.errors import FileError
from coculture.run import finish  # noqa: F401  (imported here so that no child has to)
from coculture.run.execute import Job, execute
from coculture.run.executors.processes import ProcessExecutor
from coculture.run.lock import only_run_in
from coculture.run.recipe.reading import read_recipe
from coculture.run.virtual_job import virtual_job
from coculture.run.virtual_plan import make_virtual_plan

WELL_SECONDS = 0.01


def die_at_step(step: int) -> None:
    """Make the ``step``-th rename or sync of this process its last deed."""
    left = step

    def deadly(function: Any) -> Any:
        def counted(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)

        return counted

    os.replace, os.rename, os.fsync = deadly(os.replace), deadly(os.rename), deadly(os.fsync)


def await_orphans(results: Path) -> None:
    """Wait for the workers of a killed run.

    Workers forked straight from the parent, as here and never in earnest, share its lock until they notice its death.
    """
    for _ in range(200):
        try:
            with only_run_in(results):
                return
        except FileError:
            time.sleep(0.05)


def job_of(recipe: str) -> Job:
    """Return the job of a virtual recipe, or the one that is made up."""
    if recipe:
        return virtual_job(make_virtual_plan(read_recipe(Path(recipe))))
    source = FakeSource(seconds=WELL_SECONDS, with_images=True)
    return fake_job(source, RECIPE.replace("images = false", "images = true"))


@cache
def load_kernels(recipe: str) -> None:
    """Let one virtual well live here, so that no child has to load compiled kernels."""
    source = job_of(recipe).source
    with TemporaryDirectory() as folder:
        source.prepare(Path(folder))
        source.observe(Path(folder), *source.wells()[0])


def run(results: Path, workers: int, step: int, recipe: str) -> None:
    """Do or go on with the run."""
    job = job_of(recipe)
    executor = ProcessExecutor(workers, start="fork") if workers > 1 else None
    if results.exists():
        await_orphans(results)
    if step:
        die_at_step(step)
    execute(job, results, workers=workers, executor=executor)


def main() -> None:
    """Serve orders until the input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        if order["recipe"]:
            load_kernels(order["recipe"])
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            code = 1
            try:
                run(Path(order["results"]), order["workers"], order["step"], order["recipe"])
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        with suppress(
            PermissionError, ProcessLookupError
        ):  # parent and child both do it, so that it is done when the pid is told
            os.setpgid(child, child)
        print(json.dumps({"pid": child}), flush=True)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    main()
