"""Whether a worker of a cluster is fit for this run: the same software, one thread, and the shared place in sight."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import coculture
from coculture.errors import FileError, InputError, Problem
from coculture.run.executors.meeting import Meeting
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
    place : a place the worker must see.
    """

    software: Mapping[str, str]
    place: Meeting

    @classmethod
    def of(cls, place: Meeting) -> Fit:
        """Return what makes a worker one with this process."""
        return cls(software(), place)

    def problems(self, here: Mapping[str, str], unseen: tuple[str, str], threads: int, worker: str) -> Iterator[Problem]:
        """Yield what is wrong with a worker.

        Parameters
        ----------
        here : its software.
        unseen : why it does not see the place and what to do, two empty texts where it does.
        threads : how many it runs.
        worker : its address.
        """
        differing = [f"{name} {here.get(name)} (here {ours})" for name, ours in self.software.items() if here.get(name) != ours]
        if differing:
            what = f"the worker has {', '.join(differing)}"
            yield Problem(what, worker, "give all machines the same environment; other versions may give other bytes")
        if unseen[0]:
            yield Problem(unseen[0], worker, unseen[1])
        if threads != 1:
            what = f"the worker runs {threads} threads; wells are done one at a time in a process"
            yield Problem(what, worker, "start it with --nthreads 1, and --nworkers for more processes")

    def require_here(self) -> None:
        """Raise what is wrong with the worker that this runs in; called before the first item."""
        from distributed import get_worker

        one_thread_each()
        worker: Any = get_worker()
        _refuse(list(self.problems(software(), self.place.unseen(), worker.state.nthreads, worker.address)))


def probe(place: Meeting) -> tuple[dict[str, str], tuple[str, str]]:
    """Return, in a worker, its software and why it does not see ``place``."""
    return software(), place.unseen()


def require_fit(client: Any, fit: Fit) -> None:
    """Ask every worker of a cluster, before the first item.

    Parameters
    ----------
    client : a client of ``distributed``.
    fit : what each must have.

    Raises
    ------
    InputError : if a worker has other software or several threads.
    FileError : if a worker does not see the place.
    """
    threads = client.nthreads()
    try:
        told = client.run(probe, fit.place, on_error="return")
    except ImportError as error:
        raise _without_coculture(error) from error
    problems: list[Problem] = []
    for worker, answer in sorted(told.items()):
        if isinstance(answer, ImportError):
            raise _without_coculture(answer)
        if isinstance(answer, BaseException):
            problems.append(Problem(f"the worker does not answer ({answer})", worker, "start it again"))
        else:
            here, unseen = answer
            problems += fit.problems(here, unseen, threads.get(worker, 1), worker)
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
    blind = all(problem.what.startswith(("the worker does not see", "the worker sees another")) for problem in problems)
    raise FileError(told) if blind else InputError(told)
