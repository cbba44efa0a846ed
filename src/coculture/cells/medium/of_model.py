"""The solutes of a culture's file, as the medium takes them."""

from __future__ import annotations

from collections.abc import Mapping

from coculture.cells.medium.solute import Solute
from coculture.cells.model import CellModel
from coculture.errors import InputError


def solutes_of(model: CellModel, borders: Mapping[str, Mapping[str, float]] | None = None) -> tuple[Solute, ...]:
    """Return the solutes of a model with the diffusion, decay and start its file says.

    Parameters
    ----------
    model : as read; what a file does not say of decay and start is 0.
    borders : concentrations held at sides, by solute and side, µM; nothing passes the others.

    Raises
    ------
    InputError : if a solute's diffusion is not said, or a border is that of no solute.
    """
    said, held = model.links.get("solutes", {}), borders or {}
    for name in held:
        if name not in model.solutes:
            raise InputError(f"the model has no solute '{name}'", "borders", "there is: " + (", ".join(model.solutes) or "none"))
    solutes = []
    for name in model.solutes:
        one = said.get(name) if isinstance(said, Mapping) else None
        diffusion = getattr(one, "diffusion_um2_per_min", None)
        if diffusion is None:
            raise InputError(f"the diffusion of '{name}' is not said", f"solutes.{name}", "give diffusion_um2_per_min")
        decay, start = (getattr(one, key) or 0.0 for key in ("decay_per_min", "start_um"))
        solutes.append(Solute(name, diffusion, decay, start, held.get(name, {})))
    return tuple(solutes)
