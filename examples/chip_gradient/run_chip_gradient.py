"""A gradient drawn by a tree of channels, computed on the grid and compared with the rule of its network.

The tree splits and mixes its inlets level by level; where every channel mixes fully and all outlets carry the same flow, the
outlets follow the split rule of Jeon et al. (2000) and Dertinger et al. (2001): for two inlets of 0 and 1 and five outlets, 0,
1/4, 1/2, 3/4 and 1. Here the flow through the drawn channels and the steady state of a dye are solved on the grid.

    python examples/chip_gradient/run_chip_gradient.py [PICTURE]
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.field import FlowField
from coculture.chip.flow.medium import Medium
from coculture.chip.flow.network.mixing import christmas_tree
from coculture.chip.flow.ports import PortCondition
from coculture.chip.flow.solve import solve_flow
from coculture.chip.geometry.library import load_design
from coculture.chip.geometry.raster import rasterise
from coculture.chip.transport.solute import Solute
from coculture.chip.transport.transport import Transport

DYE_UM2_PER_MIN = 4.2e-10 * 1e12 * 60  # fluorescein in water, about 4.2e-10 m²/s
FLOW_UL_PER_MIN = 1.0
VISCOSITY_PA_S = 0.69e-3
ABOVE_UM = 3000.0
"""How far above the chamber the channels are read: further down they run together, and the chamber's dye diffuses back."""


@dataclass(frozen=True, eq=False)
class Gradient:
    """What the tree delivers.

    Attributes
    ----------
    flow, dye_um : the flow, and (Y, X) the dye's steady state.
    outlets_um : flow-weighted concentration in each channel that enters the chamber, left to right.
    shares : of the whole flow, in the same order.
    ideal_um : what the split rule gives.
    gap : relative mass that is missing in the steady state.
    """

    flow: FlowField
    dye_um: NDArray[np.float64]
    outlets_um: NDArray[np.float64]
    shares: NDArray[np.float64]
    ideal_um: NDArray[np.float64]
    gap: float


def measure(pitch_um: float = 50.0) -> Gradient:
    """Solve the shipped tree at ``pitch_um`` with inlets of 0 and 1 µM."""
    grid = rasterise(load_design("tree"), pitch_um)
    inlets = [port.name for port in grid.ports if port.kind == "inlet"]
    ports = {name: PortCondition(flow_ul_per_min=FLOW_UL_PER_MIN / len(inlets)) for name in inlets}
    ports |= {port.name: PortCondition(pressure_pa=0.0) for port in grid.ports if port.kind == "outlet"}
    flow = solve_flow(grid, ports, Medium(VISCOSITY_PA_S))
    given = {name: {"dye": float(number)} for number, name in enumerate(inlets)}
    transport = Transport(grid, flow, [Solute("dye", DYE_UM2_PER_MIN)], given)
    account = transport.steady()["dye"]
    dye = transport.concentration("dye")
    outlets, flows = _entering(flow, dye)
    ideal = np.array([float(value) for value in christmas_tree([0, 1], len(outlets))])
    return Gradient(flow, dye, outlets, flows / flows.sum(), ideal, account.relative_residual)


def _entering(flow: FlowField, dye: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the flow-weighted concentration and the flow of every channel on its way to the chamber."""
    chamber = flow.grid.in_region("cell_chamber")
    top = int(np.flatnonzero(chamber.any(axis=1))[0])
    row = top - round(ABOVE_UM / flow.grid.pitch_um)
    entering = flow.grid.open[row] & (flow.flow_y[row] > 0)
    edges = np.flatnonzero(np.diff(np.r_[False, entering, False]))
    found = [slice(begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    flows = np.array([flow.flow_y[row, part].sum() for part in found])
    carried = np.array([(flow.flow_y[row, part] * dye[row, part]).sum() for part in found])
    return carried / flows, flows


def draw(gradient: Gradient, path: Path) -> None:
    """Draw the dye in the tree, and the outlets beside the split rule."""
    import matplotlib.pyplot as plt

    grid = gradient.flow.grid
    extent = (0, grid.shape[1] * grid.pitch_um / 1e3, grid.shape[0] * grid.pitch_um / 1e3, 0)
    with plt.style.context(Path(__file__).parents[1] / "pictures.mplstyle"):
        figure, (map_axes, curve_axes) = plt.subplots(1, 2, figsize=(8.4, 6.2), width_ratios=(1, 1.4))
        shown = np.where(grid.open, gradient.dye_um, np.nan)
        image = map_axes.imshow(shown, extent=extent, cmap="viridis", vmin=0, vmax=1, interpolation="nearest")
        map_axes.set(title="Dye in the tree", xlabel="mm", ylabel="mm")
        figure.colorbar(image, ax=map_axes, label="µM", shrink=0.5)
        place = np.arange(1, len(gradient.outlets_um) + 1)
        curve_axes.plot(place, gradient.ideal_um, "o", mfc="none", ms=11, label="split rule, fully mixed")
        curve_axes.plot(place, gradient.outlets_um, "o", ms=5, label="on the grid")
        curve_axes.set(title="Channels that enter the chamber", xlabel="channel", ylabel="µM", xticks=place, ylim=(-0.05, 1.05))
        curve_axes.legend(loc="upper left")
        figure.savefig(path)


def main() -> None:
    """Print outlets beside the rule, and draw where a picture is named."""
    gradient = measure()
    print("channel   split rule   on the grid   share of the flow")
    for number, (rule, found, share) in enumerate(zip(gradient.ideal_um, gradient.outlets_um, gradient.shares, strict=True), 1):
        print(f"{number:>7}   {rule:>10.3f}   {found:>11.4f}   {share:>17.4f}")
    print(f"missing mass, relative: {gradient.gap:.1e}")
    if len(sys.argv) > 1:
        draw(gradient, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
