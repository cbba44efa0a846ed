"""Cells fuse with living cells they touch.

A living cell fuses with each touched living cell of type k at its rate ``fuse_{k}_per_min`` (both sides of a pair may have
one). The two become the one whose clock rang: all parts of the volume add up, the centre is the mean weighted with the volumes,
amounts kept inside add up. Volume, amounts and the centre of volume are conserved.
"""

from __future__ import annotations

from dataclasses import dataclass

from coculture.cells.kernels.meeting import FUSE
from coculture.cells.meetings import meetings, move_contents, settle
from coculture.cells.process import World

_PARTS = ("fluid", "nuclear_solid", "cytoplasmic_solid", "nuclear")


@dataclass(frozen=True)
class Fuse:
    """The process; see the module's head."""

    pace: str = "contact"

    def is_active(self, world: World) -> bool:
        """Tell whether any type fuses with others."""
        return any(world.parameters.is_used(f"fuse_{name}_per_min") for name in world.model.type_names)

    def go_on(self, world: World, minutes: float) -> None:
        """Let cells fuse."""
        cells, whole, gone = world.cells, [], []
        rates = (*(f"fuse_{name}_per_min" for name in world.model.type_names), "", "")
        for one, other in meetings(world, minutes, FUSE, rates):
            mine, theirs = cells.volume[[one, other]]
            cells.position[one] = (mine * cells.position[one] + theirs * cells.position[other]) / (mine + theirs)
            for name in _PARTS:
                part = getattr(cells, name)
                part[one] += part[other]
            move_contents(world, one, other)
            whole.append(one)
            gone.append(other)
            world.events.append((world.time_min, "fused", int(cells.cell_id[other]), int(cells.cell_id[one])))
        settle(world, whole, gone)


PROCESS = Fuse()
