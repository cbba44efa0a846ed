"""Diffusion, 1000 cells as sinks: a cube of 240 µm, 1728 voxels, 10 min in steps of 0.01 min. See :mod:`cases.sinks` for
choices.

The cells stand on a 10 × 10 × 10 lattice. The asked "total substrates consumed", V Σ c, is by its formula what is *in* the
box; both are given. 1000 such sinks take more than diffusion brings: the middle is empty, and cells there take what comes.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from cases.finding import Finding, save, table
from cases.sinks import medium, taking


def run(pictures: Path | None = None, tables: Path | None = None) -> list[Finding]:
    """Run the case."""
    ends = {}
    for minutes in (0.01, 0.1):
        world, line = medium(240.0, 20.0), 12.0 + 24.0 * np.arange(10)
        cells = np.stack(np.meshgrid(line, line, line), axis=-1).reshape(-1, 3)
        mean, consumed, total, voxels = [], [], 0.0, []
        for _ in range(round(10 / minutes)):
            total += world.advance(minutes, cells, taking(1000)).sum()
            mean.append(world.concentration.mean())
            voxels.append(world.concentration[0].astype(np.float32))
            consumed.append(total)
        ends[minutes] = (np.array(mean), np.array(consumed), world, voxels)
    mean, consumed, world, voxels = ends[0.01]
    time = np.arange(1, 1001) * 0.01
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.6))
    axes[0].plot(time, mean)
    axes[0].set(xlabel="time, min", ylabel="mean concentration, µM", title="1728 voxels")
    axes[1].plot(time, consumed / 1e6)
    axes[1].set(xlabel="time, min", ylabel="consumed, 10⁶ µM·µm³")
    axes[2].imshow(world.concentration[0, 6], extent=(0, 240, 0, 240), cmap="viridis")
    axes[2].set(title="middle layer, 10 min")
    save(figure, pictures, "diffusion_many_sinks")
    inside = mean * 240.0**3
    table(tables, "diffusion_many_sinks", time_min=time, mean_um=mean, in_the_box_um_um3=inside, consumed_um_um3=consumed)
    if tables is not None:
        np.savez_compressed(tables / "permedcoe_diffusion_many_sinks.npz", time_min=time, zyx_um=np.array(voxels))
    balance = world.amounts()[0] + consumed[-1] - world.entered[0]
    rate = (consumed[-1] - consumed[-101]) / 1.0
    return [
        Finding("mean concentration at 10 min, µM", mean[-1], ends[0.1][0][-1], "steps ten times longer"),
        Finding("consumed in 10 min, 10⁶ µM·µm³", consumed[-1] / 1e6, ends[0.1][1][-1] / 1e6, "steps ten times longer"),
        Finding("taken a minute at the end, of what 1000 cells want", rate / 1.6e8),
        Finding("in the box + consumed − entered, of what entered", balance / world.entered[0], 0.0, "nothing is lost"),
        Finding("lowest concentration, µM", world.concentration.min()),
    ]
