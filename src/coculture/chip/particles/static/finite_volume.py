"""Sedimentation and diffusion in a still column by finite volumes: any Péclet number, any floor.

Central differences on a line graded towards both ends and fine enough for the edge of the settling cloud, TR-BDF2 in time with
steps that grow with time (see :mod:`coculture.chip.particles.kernels`). Mass on the floor and in the medium add up to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.chip.particles.floor import PERFECT_SINK, Floor
from coculture.chip.particles.graded_line import graded_faces, growing_steps
from coculture.chip.particles.kernels import march_line
from coculture.chip.particles.line_fluxes import face_weights, floor_numbers
from coculture.chip.particles.static.column import SettlingColumn
from coculture.errors import DataError

Floats = NDArray[np.float64]

LARGEST_PECLET = 1e5
"""Beyond this the line needs more than about ten thousand cells."""


@dataclass(frozen=True)
class Fineness:
    """How finely the column is cut. Halve every number to see what it costs and brings.

    Attributes
    ----------
    growth : growth of neighbouring cells.
    widest : widest cell, as a fraction of the height.
    edge_cells : cells across the edge of the settling cloud.
    step : a time step as a fraction of the time gone.
    """

    growth: float = 0.008
    widest: float = 1 / 300
    edge_cells: float = 12.0
    step: float = 0.006

    def halved(self) -> Fineness:
        """Return half the cell and step sizes."""
        return Fineness(self.growth / 2, self.widest / 2, self.edge_cells * 2, self.step / 2)


@dataclass(frozen=True, eq=False)
class ColumnState:
    """A column at the last time asked for.

    Attributes
    ----------
    deposited : (T,) fraction on the floor at each time.
    faces_um : (n + 1,) places of the faces, from the top down.
    concentration : (n,) concentration in the cells in units of the starting one, at the last time.
    """

    deposited: Floats
    faces_um: Floats
    concentration: Floats


def deposited_by_finite_volumes(
    column: SettlingColumn, minutes: Floats, floor: Floor = PERFECT_SINK, fineness: Fineness | None = None
) -> ColumnState:
    """Return what has reached the floor.

    Parameters
    ----------
    column : the column.
    minutes : (T,) ascending times.
    floor : what the particles meet there.
    fineness : of the cut; None for one that holds 2e-5 of the dose, and 1e-4
        while the edge of a settling cloud arrives.

    Raises
    ------
    DataError : if ``|P|`` is above :data:`LARGEST_PECLET`: the line would need too many cells.
    """
    fine, peclet = fineness or Fineness(), abs(column.peclet)
    if peclet > LARGEST_PECLET:
        raise DataError(
            f"the Péclet number {column.peclet:.3g} is beyond what the finite volumes can cut ({LARGEST_PECLET:g})",
            "method",
            "use the method 'drift', which is exact there for a perfect sink",
        )
    times = np.asarray(minutes, np.float64)
    positive = times[times > 0]
    faces = column.height_um * _faces(column, float(positive.min()) if len(positive) else 1.0, fine)
    state = np.append(np.ones(len(faces) - 1), 0.0)
    if not len(positive):
        return ColumnState(np.zeros_like(times), faces, state[:-1])
    steps, number = growing_steps(positive, 1e-6 * float(positive[0]), _step_growth(column, positive, fine))
    loads = np.empty(len(steps))
    down, up = face_weights(faces, column.diffusion_um2_per_min, column.settling_um_per_min)
    stuck = floor_numbers(faces, column.diffusion_um2_per_min, column.settling_um_per_min, floor)
    march_line(np.diff(faces), down, up, stuck, steps, state, loads)
    deposited = np.zeros_like(times)
    deposited[times > 0] = loads[number] / column.height_um
    return ColumnState(deposited, faces, state[:-1])


def _faces(column: SettlingColumn, first_time: float, fine: Fineness) -> Floats:
    peclet = abs(column.peclet)
    layer = 1 / (1 + 2 * peclet)
    reached = float(np.sqrt(column.diffusion_times(np.array([first_time]))[0]))
    floor_cell = fine.growth * 3 * min(layer, reached, 0.1)
    return graded_faces(floor_cell, fine.growth * 5 * layer, fine.growth, fine.widest, 0.5 * peclet, fine.edge_cells)


def _step_growth(column: SettlingColumn, times: Floats, fine: Fineness) -> float:
    """Return the step so that the passing edge of the cloud is met in several steps."""
    fallen = min(1.0, abs(column.settling_um_per_min) * float(times[-1]) / column.height_um)
    return fine.step / max(1.0, 0.1 * float(np.sqrt(abs(column.peclet) * fallen)))
