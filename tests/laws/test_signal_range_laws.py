"""How far a signal reaches around cells in their medium (V14 b to d): sources in space and in a layer, and a lawn that captures.

The boxes end where the exact solution is held, or where nothing passes, so that every answer is known inside.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import k0
from tests.cases.cultures import cell_type, cells, model

from coculture.cells.links import Ligand, Receptor
from coculture.cells.medium.box import Box
from coculture.cells.medium.medium import Medium
from coculture.cells.medium.solute import Solute
from coculture.cells.model import Steps
from coculture.cells.simulation import Simulation
from coculture.compounds.binding.capture import MOLECULES_PER_UM3_UM

Floats = NDArray[np.float64]
DIFFUSION = 6000.0  # 1e-10 m²/s
DECAY = 0.06  # 1e-3 /s
RANGE_UM = np.sqrt(DIFFUSION / DECAY)
EXPORT = 600.0 / MOLECULES_PER_UM3_UM  # 10 molecules/s
WIDE, VOXEL = 210.0, 10.0
STEPS = Steps(6.0, 6.0, 6.0)


def distances(box: Box) -> Floats:
    """Return (z, y, x) how far every voxel's centre is from the middle of the box."""
    x, y = box.centres(0) - WIDE / 2, box.centres(1) - WIDE / 2
    z = box.centres(2) - WIDE / 2 if box.dimensions == 3 else np.zeros(1)
    return np.asarray(np.sqrt(z[:, None, None] ** 2 + y[None, :, None] ** 2 + x[None, None, :] ** 2))


def around_one_cell(box: Box, decay: float, exact: Floats) -> Floats:
    """Return the steady concentration around a cell that gives off 10 molecules a second; the rim is held at ``exact``."""
    rim = np.ones(box.shape, bool)
    rim[(slice(1, -1) if box.dimensions == 3 else slice(None), slice(1, -1), slice(1, -1))] = False
    solute = Solute("signal", DIFFUSION, decay, fixed_um=np.where(rim, exact, np.nan))
    kind = model(cell_type(export_signal_per_min=EXPORT), solutes=("signal",), dimensions=box.dimensions, steps=STEPS)
    place = np.array([[WIDE / 2] * box.dimensions])
    simulation = Simulation.begin(kind, cells(place), Medium.of(box, [solute], 6.0), 1)
    simulation.advance(120.0)
    medium = simulation.world.surroundings
    assert isinstance(medium, Medium)
    return medium.concentration[0]


@pytest.mark.parametrize(("decay", "at_50_um"), [(0.0, 0.26429e-6), (DECAY, 0.22564e-6)])
def test_v14b_a_point_source_in_space(decay: float, at_50_um: float) -> None:
    """c = S exp(−r/λ)/(4π D r): 0.26429 pM at 50 µm without decay, 0.22564 pM with one of 1e-3 /s."""

    def law(far: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.asarray(EXPORT * np.exp(-far * np.sqrt(decay / DIFFUSION)) / (4 * np.pi * DIFFUSION * far))

    assert law(np.array(50.0)) == pytest.approx(at_50_um, rel=5e-5)
    box = Box((WIDE,) * 3, VOXEL)
    far = distances(box)
    found = around_one_cell(box, decay, law(far))
    shell = (far > 45.0) & (far < 55.0)
    assert (found[shell] / law(far[shell])).mean() == pytest.approx(1.0, abs=0.005)
    np.testing.assert_allclose(found[far > 48.0], law(far[far > 48.0]), rtol=0.015)


def test_v14c_a_lawn_traps_over_6022_um() -> None:
    """1e5 cells/cm² of 1e4 receptors, kon 1e6 /M/s: they clear kc = 1.660578e-8 m/s, and D/kc is 6022 µm."""
    box = Box((100.0, 100.0, 400.0), 20.0)
    receptor = Receptor("r", (Ligand("signal", 60.0, 0.0),))
    kind = dataclasses.replace(
        model(cell_type(), solutes=("signal",), dimensions=3, steps=STEPS),
        internal=receptor.internal,
        halved=receptor.internal,
        links={"receptors": (receptor,)},
    )
    spread = np.random.default_rng(3).permuted(np.tile(np.arange(5) * 20.0 + 10.0, (2, 2)), axis=1).T
    start = cells(np.column_stack([spread, np.full(10, 10.0)]))
    start.internal = np.tile([1e4, 0.0], (10, 1))
    medium = Medium.of(box, [Solute("signal", DIFFUSION, 0.0, 1e-8, {"top": 1e-8})], 6.0)  # too little to fill receptors
    Simulation.begin(kind, start, medium, 1).advance(300.0)
    layers, height = medium.concentration[0].mean(axis=(1, 2)), box.centres(2)
    slope, at_the_lawn = np.polyfit(height - height[0], layers, 1)
    assert at_the_lawn / slope == pytest.approx(6022.0, rel=0.01)
    cleared = DIFFUSION * slope / at_the_lawn  # µm/min
    assert cleared * 1e-6 / 60 == pytest.approx(1.660578e-8, rel=0.01)


def test_v14d_a_point_source_in_a_layer() -> None:
    """c = S K0(r/λ)/(2π D h), averaged over a depth of 100 µm."""

    def law(far: Floats) -> Floats:
        return np.asarray(EXPORT * k0(np.maximum(far, 1e-9) / RANGE_UM) / (2 * np.pi * DIFFUSION * 100.0))

    box = Box((WIDE, WIDE), VOXEL, thickness_um=100.0)
    far = distances(box)
    found = around_one_cell(box, DECAY, law(far))
    np.testing.assert_allclose(found[far > 18.0], law(far[far > 18.0]), rtol=0.01)
