"""The clock of a culture: which process goes on when."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import numpy as np

from coculture.cells.model import CellModel
from coculture.cells.population import Population
from coculture.cells.process import PACES, Process, World
from coculture.cells.surroundings import Surroundings
from coculture.errors import InputError

PROCESSES: tuple[str, ...] = ("volume", "death", "cycle", "mechanics")
"""Modules of :mod:`coculture.cells.processes`, in the order they are asked within a tick; each holds one ``PROCESS``."""


@dataclass(eq=False)
class Simulation:
    """A culture that lives. Make one with :meth:`begin`.

    Attributes
    ----------
    world : everything there is.
    processes : the active processes of each pace, in order.
    """

    world: World
    processes: dict[str, tuple[Process, ...]]

    @classmethod
    def begin(cls, model: CellModel, cells: Population, surroundings: Surroundings, key: int) -> Simulation:
        """Begin a culture.

        Parameters
        ----------
        model : types, solutes and rules.
        cells : the cells at time 0.
        surroundings : the world around them.
        key : the well's random key, 0 to 2⁶⁴ − 1, drawn from its named stream.
        """
        parameters = model.parameters(len(cells), cells.type)
        world = World(model, cells, parameters, surroundings, np.uint64(key))
        everyone: list[Process] = [import_module(f"coculture.cells.processes.{name}").PROCESS for name in PROCESSES]
        active = {pace: tuple(one for one in everyone if one.pace == pace and one.is_active(world)) for pace in PACES}
        return cls(world, active)

    def advance(self, minutes: float) -> None:
        """Let the culture live for ``minutes``, a whole number of mechanics steps.

        Raises
        ------
        InputError : if the time is negative or no whole number of mechanics steps.
        """
        steps = self.world.model.steps
        wanted = minutes / steps.mechanics_min
        number = round(wanted)
        if minutes < 0 or abs(wanted - number) > 1e-6:
            raise InputError(
                f"{minutes} min is no whole number of mechanics steps",
                "minutes",
                f"give a multiple of {steps.mechanics_min:g} min",
            )
        end = self.world.step + number
        contact, phenotype = round(steps.contact_min / steps.mechanics_min), round(steps.phenotype_min / steps.mechanics_min)
        while self.world.step < end:
            if self.world.step % phenotype == 0:
                self._ask("phenotype", steps.phenotype_min)
            if self.world.step % contact == 0:
                self._ask("contact", steps.contact_min)
            together = min(contact - self.world.step % contact, end - self.world.step)
            self._ask("mechanics", together * steps.mechanics_min)
            self.world.step += together
            self.world.time_min = self.world.step * steps.mechanics_min

    def _ask(self, pace: str, minutes: float) -> None:
        for process in self.processes[pace]:
            process.go_on(self.world, minutes)
