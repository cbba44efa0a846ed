"""Whether a worker of a cluster is fit for this run: the same software, one thread, and the shared folder in sight."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import coculture
from coculture.errors import FileError, InputError, Problem
from coculture.run.executors.threads_of_libraries import one_thread_each

LIBRARIES = ("numba", "numpy", "pandas", "pyarrow", "scikit-image", "scipy", "tifffile", "zarr")
"""Libraries that bytes of a result depend on."""

MOST_TOLD = 5


def software() -> dict[str, str]:
    """Return the versions of everything here that the bytes of a result depend on, coculture first."""
    found = {"coculture": coculture.__version__, "Python": ".".join(platform.python_version_tuple()[:2])}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "none"
    return found


@dataclass(frozen=True)
class Fit:
    """What a worker must have.

    Attributes
    ----------
    software : versions of the process that runs the screen.
    folder : a folder the worker must see.
    """

    software: Mapping[str, str]
    folder: Path

    @classmethod
    def of(cls, folder: Path) -> Fit:
        """Return what makes a worker one with this process."""
        return cls(software(), folder)

    def problems(self, here: Mapping[str, str], sees: bool, threads: int, worker: str) -> Iterator[Problem]:
        """Yield what is wrong with a worker."""
        differing = [f"{name} {here.get(name)} (here {ours})" for name, ours in self.software.items() if here.get(name) != ours]
        if differing:
            what = f"the worker has {', '.join(differing)}"
            yield Problem(what, worker, "give all machines the same environment; other versions may give other bytes")
        if not sees:
            what = f"the worker does not see the results folder {self.folder.parent.parent}"
            yield Problem(what, worker, "write to a folder on a file system that all machines share, with -o")
        if threads != 1:
            what = f"the worker runs {threads} threads; wells are done one at a time in a process"
            yield Problem(what, worker, "start it with --nthreads 1, and --nworkers for more processes")

    def require_here(self) -> None:
        """Raise what is wrong with the worker that this runs in; called before the first item."""
        from distributed import get_worker

        one_thread_each()
        worker: Any = get_worker()
        _refuse(list(self.problems(software(), self.folder.is_dir(), worker.state.nthreads, worker.address)))


def probe(folder: str) -> tuple[dict[str, str], bool]:
    """Return, in a worker, its software and whether it sees ``folder``."""
    return software(), Path(folder).is_dir()


def require_fit(client: Any, fit: Fit) -> None:
    """Ask every worker of a cluster, before the first item.

    Parameters
    ----------
    client : a client of ``distributed``.
    fit : what each must have.

    Raises
    ------
    InputError : if a worker has other software or several threads.
    FileError : if a worker does not see the folder.
    """
    threads = client.nthreads()
    try:
        told = client.run(probe, str(fit.folder), on_error="return")
    except ImportError as error:
        raise _without_coculture(error) from error
    problems: list[Problem] = []
    for worker, answer in sorted(told.items()):
        if isinstance(answer, ImportError):
            raise _without_coculture(answer)
        if isinstance(answer, BaseException):
            problems.append(Problem(f"the worker does not answer ({answer})", worker, "start it again"))
        else:
            here, sees = answer
            problems += fit.problems(here, sees, threads.get(worker, 1), worker)
    _refuse(problems)


def _without_coculture(error: ImportError) -> InputError:
    remedy = f"on every worker: pip install 'coculture[cluster]=={coculture.__version__}'"
    return InputError(f"a worker cannot load coculture {coculture.__version__} ({error})", "--scheduler", remedy)


def _refuse(problems: list[Problem]) -> None:
    if not problems:
        return
    told = problems[:MOST_TOLD]
    if len(problems) > MOST_TOLD:
        told.append(Problem(f"and {len(problems) - MOST_TOLD} more such faults of workers"))
    raise FileError(told) if all("does not see" in problem.what for problem in problems) else InputError(told)
