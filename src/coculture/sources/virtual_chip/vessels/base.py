"""What a vessel must offer: its size, places to sow cells, and the surroundings of a culture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from coculture.cells.founding import Region
from coculture.cells.model import CellModel
from coculture.cells.surroundings import Surroundings
from coculture.sources.virtual_chip.drug import Dose, Drug


class Vessel(Protocol):
    """A plain well or a chip. It is sent to worker processes, so it pickles and is small."""

    @property
    def size_um(self) -> tuple[float, float]:
        """(width, height) of what is looked at."""
        ...

    @property
    def region_names(self) -> tuple[str, ...]:
        """Names of the places cells can be sown in, beside the whole."""
        ...

    def region(self, name: str) -> Region:
        """Return a place to sow cells in; ``''`` is the whole."""
        ...

    def prepare(self, folder: Path) -> None:
        """Do what all wells share, once, and keep it under ``folder``."""
        ...

    def begin(self, folder: Path, model: CellModel, drugs: Mapping[str, Drug], doses: Sequence[Dose]) -> Surroundings:
        """Return the surroundings at the start.

        Parameters
        ----------
        folder : the results folder, with what :meth:`prepare` kept.
        model : the culture; its solutes are the medium's, then one a drug, by the names in ``drugs``.
        drugs : the drugs that are delivered, by the name of their solute.
        doses : what is dosed; ``drug`` is the name of the solute.
        """
        ...

    def pauses(self, doses: Sequence[Dose]) -> tuple[float, ...]:
        """Return the times at which :meth:`dose` must be called, min."""
        ...

    def dose(self, surroundings: Surroundings, doses: Sequence[Dose], time_min: float) -> None:
        """Let in what comes at a time."""
        ...
