"""The clock of a culture: which process goes on when."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import numpy as np

from coculture.cells.memory_order import keep_order
from coculture.cells.model import CellModel
from coculture.cells.population import Population
from coculture.cells.process import PACES, Process, World
from coculture.cells.start_check import check_start
from coculture.cells.surroundings import Surroundings
from coculture.errors import InputError

PROCESSES: tuple[str, ...] = (
    # phenotype
    "rules",
    "transform",
    "volume",
    "death",
    "cycle",
    # contact: what removes cells comes last
    "exchange",
    "notch",
    "junctions",
    "attack",
    "damage",
    "engulf",
    "fuse",
    "springs",
    # mechanics
    "mechanics",
)
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
        cells : the cells at time 0; they are copied.
        surroundings : the world around them.
        key : the well's random key, 0 to 2⁶⁴ − 1, drawn from its named stream.

        Raises
        ------
        InputError : if the cells do not fit the model or cannot be: all faults at once, with the first row that has each.
        """
        check_start(model, cells, key)
        parameters = model.parameters(len(cells), cells.type)
        world = World(model, cells.take(np.arange(len(cells))), parameters, surroundings, np.uint64(key))
        return cls.of(world)

    @classmethod
    def of(cls, world: World) -> Simulation:
        """Let a world go on from where it is, as after it was restored."""
        everyone: list[Process] = [import_module(f"coculture.cells.processes.{name}").PROCESS for name in PROCESSES]
        active = {pace: tuple(one for one in everyone if one.pace == pace and one.is_active(world)) for pace in PACES}
        return cls(world, active)

    def advance(self, minutes: float) -> None:
        """Let the culture live for ``minutes``, a whole number of contact ticks: a stop at one changes nothing of what follows.

        Raises
        ------
        InputError : if the time is negative or no whole number of contact ticks.
        """
        world, steps = self.world, self.world.model.steps
        contact, phenotype = round(steps.contact_min / steps.mechanics_min), round(steps.phenotype_min / steps.mechanics_min)
        end = world.step + contact * _whole(minutes, steps.contact_min)
        pause = contact if self.processes["contact"] else phenotype
        while world.step < end:
            if world.step % phenotype == 0:
                keep_order(world)
                self._ask("phenotype", steps.phenotype_min)
            self._ask("contact", steps.contact_min)
            together = min(pause - world.step % pause, end - world.step)
            self._ask("mechanics", together * steps.mechanics_min)
            world.step += together
            world.time_min = world.step * steps.mechanics_min

    def _ask(self, pace: str, minutes: float) -> None:
        self.world.forget_contacts()
        for process in self.processes[pace]:
            process.go_on(self.world, minutes)


def _whole(minutes: float, tick_min: float) -> int:
    wanted = minutes / tick_min
    if not (np.isfinite(wanted) and wanted >= 0 and abs(wanted - round(wanted)) <= 1e-6):
        raise InputError(f"{minutes} min is no whole number of contact ticks", "minutes", f"give a multiple of {tick_min:g} min")
    return round(wanted)
