"""Where the files of a run's wells lie: in the results folder itself, unless a store is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from coculture.run.image_plates import finish_image_plates
from coculture.run.ledger import LedgerLine
from coculture.run.resume import stands
from coculture.run.worker import Well, WellTask


class WellsPlace(Protocol):
    """What a run asks of the place of its wells."""

    def task(self, task: WellTask) -> Callable[[Well], LedgerLine]:
        """Return what does a well and leaves its files in the place. Called before the first well, when all is prepared."""
        ...

    def standing(self, lines: Iterable[LedgerLine]) -> set[Well]:
        """Return the wells that were done and of which everything is there with the bytes that were written."""
        ...

    def settle(self, lines: Sequence[LedgerLine]) -> None:
        """Bring what the analysis needs of the finished wells into the results folder."""
        ...

    def finish_images(self, wells: Sequence[Well]) -> None:
        """Let each plate's metadata list the wells that have images."""
        ...

    def forget(self, plate: str, well: str) -> None:
        """Remove what a well that failed has outside the results folder."""
        ...

    def elsewhere(self, lines: Iterable[LedgerLine]) -> dict[str, str]:
        """Return the checksum of every part of the wells that lies outside the results folder."""
        ...


class InResults:
    """Wells whose files lie in the results folder.

    Parameters
    ----------
    results : the folder.
    """

    def __init__(self, results: Path) -> None:
        self._results = results

    def task(self, task: WellTask) -> WellTask:
        """Return the task as it is."""
        return task

    def standing(self, lines: Iterable[LedgerLine]) -> set[Well]:
        """Return the wells of which all files are there with the bytes that were written."""
        return {line.key for line in lines if stands(line, self._results)}

    def settle(self, lines: Sequence[LedgerLine]) -> None:
        """Do nothing: all is here."""

    def finish_images(self, wells: Sequence[Well]) -> None:
        """Let each plate's metadata list the wells that have images."""
        finish_image_plates(self._results, wells)

    def forget(self, plate: str, well: str) -> None:
        """Do nothing: there is no other place."""

    def elsewhere(self, lines: Iterable[LedgerLine]) -> dict[str, str]:
        """Return nothing."""
        return {}
