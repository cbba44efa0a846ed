"""Whether shear over the depth spreads a solute along the flow as Taylor and Aris say."""

from __future__ import annotations

import numpy as np

from coculture.chip.flow.field import FlowField
from coculture.chip.transport.solute import Solute


def mean_residence_min(flow: FlowField) -> float:
    """Return the time the medium of the chip takes to be replaced, min: free volume over what enters."""
    entering = float(np.maximum(flow.port_flow, 0.0).sum())
    volume = float(flow.grid.depth_um[flow.grid.fluid].sum()) * flow.grid.pitch_um**2
    return volume / entering if entering > 0 else np.inf


def disperses(flow: FlowField | None, solute: Solute, choice: str) -> tuple[bool, str]:
    """Return whether dispersion is applied, and a note where it was asked for but does not hold.

    The law is that of long times, t > h²/D (Taylor 1953; Aris 1956). Before, a solute keeps to its own height and streams
    reach further than any diffusion tensor says.
    """
    if flow is None or choice == "never" or solute.diffusion_um2_per_min == 0.0:
        return False, ""
    depth = float(flow.grid.depth_um[flow.grid.fluid].mean())
    crossing, residence = depth**2 / solute.diffusion_um2_per_min, mean_residence_min(flow)
    if residence >= crossing:
        return True, ""
    words = (
        f"{solute.name}: the medium is replaced in {residence:.3g} min, before diffusion over the depth ({crossing:.3g} min) "
        "makes Taylor and Aris's dispersion hold"
    )
    return (True, words + "; applied all the same") if choice == "always" else (False, words + "; left out")
