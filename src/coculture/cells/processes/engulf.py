"""Cells engulf dead and living cells they touch.

A living cell engulfs each touched apoptotic, necrotic (also burst) or living cell at its rate toward that kind. What was engulfed
is gone: its fluid goes to the fluid of the other, its solids to the cytoplasm's solids, and the amounts kept inside it move over.
Volume and amounts are conserved; the engulfer's volume then relaxes as its type's volume model says.
"""

from __future__ import annotations

from dataclasses import dataclass

from coculture.cells.kernels.meeting import ENGULF
from coculture.cells.meetings import meetings, move_contents, settle
from coculture.cells.process import World


@dataclass(frozen=True)
class Engulf:
    """The process; see the module's head."""

    pace: str = "contact"

    def is_active(self, world: World) -> bool:
        """Tell whether any type engulfs others."""
        return any(world.parameters.is_used(name) for name in _rates(world))

    def go_on(self, world: World, minutes: float) -> None:
        """Let cells engulf others."""
        cells, eaters, eaten = world.cells, [], []
        for eater, prey in meetings(world, minutes, ENGULF, _rates(world)):
            cells.fluid[eater] += cells.fluid[prey]
            cells.cytoplasmic_solid[eater] += cells.cytoplasmic_solid[prey] + cells.nuclear_solid[prey]
            move_contents(world, eater, prey)
            eaters.append(eater)
            eaten.append(prey)
            world.events.append((world.time_min, "engulfed", int(cells.cell_id[prey]), int(cells.cell_id[eater])))
        settle(world, eaters, eaten)


def _rates(world: World) -> tuple[str, ...]:
    living = tuple(f"engulf_{name}_per_min" for name in world.model.type_names)
    return (*living, "engulf_apoptotic_per_min", "engulf_necrotic_per_min")


PROCESS = Engulf()
