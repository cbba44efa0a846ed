"""Diffusion, one cell as sink: a cube of 60 µm, 27 voxels, 10 min in steps of 0.01 min. See :mod:`cases.sinks` for choices."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from cases.finding import Finding, save, table
from cases.sinks import centre_of_27, centre_of_cube, medium, taking
from coculture.cells.surroundings import Exchange


def steady(voxel_um: float) -> float:
    """Return the steady mean concentration of the middle 20 µm where they are cut into voxels that take 20 µM/min each."""
    world = medium(60.0, voxel_um)
    places = np.argwhere(np.ones(world.box.shape)) * voxel_um + voxel_um / 2
    places = places[np.all(np.abs(places - 30.0) < 10.0, axis=1)]
    nothing = np.zeros((len(places), 1))
    amount = np.full((len(places), 1), -20.0 * voxel_um**3)
    for _ in range(40):
        world.advance(10.0, places, Exchange(nothing, nothing, nothing, amount, np.ones(len(places))))
    return float(world.concentration[0].ravel()[_voxels(places, voxel_um, world.box.shape)].mean())


def _voxels(places: np.ndarray, voxel_um: float, shape: tuple[int, int, int]) -> np.ndarray:
    at = np.floor(places / voxel_um).astype(int)
    return np.ravel_multi_index((at[:, 2], at[:, 1], at[:, 0]), shape)


def run(pictures: Path | None = None, tables: Path | None = None) -> list[Finding]:
    """Run the case."""
    world, cell, minutes = medium(60.0, 20.0), np.full((1, 3), 30.0), np.arange(0.01, 10.005, 0.01)
    values = []
    for _ in minutes:
        world.advance(0.01, cell, taking(1))
        values.append(world.concentration[0].ravel().copy())
    values = np.array(values)
    exact = centre_of_27(minutes)
    figure, axes = plt.subplots(figsize=(6, 2.8))
    for place, name in ((13, "centre"), (4, "face"), (1, "edge"), (0, "corner")):
        axes.plot(minutes, values[:, place], label=name)
    axes.plot(minutes, exact, "k--", lw=0.8, label="centre, exact")
    axes.set(xlim=(0, 1.5), xlabel="time, min", ylabel="concentration, µM", title="One sink among 27 voxels")
    axes.legend(ncols=2)
    save(figure, pictures, "diffusion_one_sink")
    names = [f"x{i}_y{j}_z{k}_um" for k in range(3) for j in range(3) for i in range(3)]
    table(tables, "diffusion_one_sink", time_min=minutes, **dict(zip(names, values.T, strict=True)))
    off = np.abs(values[:, 13] - exact)
    cube, orders = centre_of_cube(), [steady(voxel) for voxel in (20.0, 20.0 / 3, 4.0)]
    return [
        Finding("central voxel, steady, µM", values[-1, 13], exact[-1], "matrix exponential"),
        Finding(
            "largest error after 0.5 min, µM", off[minutes > 0.5].max(), 0.0, "the same, which lets it fall below 0 at first"
        ),
        Finding("middle 20 µm, steady, 3 voxels a side, µM", orders[0], cube, "Fourier series"),
        Finding("… 9 voxels a side", orders[1], cube, "the same"),
        Finding("… 15 voxels a side", orders[2], cube, "the same"),
    ]
