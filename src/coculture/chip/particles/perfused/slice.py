"""Particles in a perfused chamber: a vertical slice along the flow, with diffusion across and settling.

``u(z) ∂c/∂x = D ∂²c/∂z² − v ∂c/∂z`` with ``u = 6U (z/h)(1 − z/h)``, closed at the ceiling, ``c = 1`` at the inlet. Diffusion
along the flow is left out (right where ``x`` is well above ``√(D/γ)``), and so are the side walls. Steady. The slice is
marched down the channel with the kernel that marches a still column through time: a cell's capacity is then its height times
its speed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.chip.particles.floor import PERFECT_SINK, Floor
from coculture.chip.particles.graded_line import graded_faces, growing_steps
from coculture.chip.particles.kernels import march_line
from coculture.chip.particles.line_fluxes import face_weights, floor_numbers
from coculture.chip.particles.perfused.leveque import CELLS_PER_LAYER, layer_thickness, resolved_from
from coculture.errors import DataError, InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]

_GROWTH, _WIDEST, _STEP = 0.02, 1 / 150, 0.01
_FIRST = 1e-3  # the layer is resolved from this fraction of the length on


@dataclass(frozen=True)
class Perfusion:
    """A chamber whose floor absorbs from its inlet on.

    Attributes
    ----------
    length_um, depth_um : of the chamber.
    mean_velocity_um_per_min : U, mean over the depth.

    Raises
    ------
    InputError : if a number is not above 0.
    """

    length_um: float
    depth_um: float
    mean_velocity_um_per_min: float

    def __post_init__(self) -> None:
        require_number(self.length_um, "length_um", above=0)
        require_number(self.depth_um, "depth_um", above=0)
        require_number(
            self.mean_velocity_um_per_min, "mean_velocity_um_per_min", above=0, remedy="without flow use the still well"
        )

    @property
    def shear_per_min(self) -> float:
        """Shear rate at the floor, ``6 U/h``."""
        return 6 * self.mean_velocity_um_per_min / self.depth_um


@dataclass(frozen=True, eq=False)
class SliceDeposition:
    """Deposition along a chamber, per unit of inlet concentration.

    Attributes
    ----------
    way_um : (X,) ends of the stretches along the floor.
    velocity_um_per_min : (X,) mean deposition velocity (flux over inlet concentration) on each stretch.
    delivered_fraction : share of the particles that enter and are held by the floor.
    mean_velocity_um_per_min : deposition velocity averaged over the floor.
    resolved_from_um : way from which on the emptied layer has six cells.
    outlet : (Z,) concentration at the outlet, from the ceiling down; ``faces_um`` (Z + 1,) its cells.
    lowest : lowest concentration met anywhere, in units of the inlet's.
    notes : where the model does not hold, in words.
    """

    way_um: Floats
    velocity_um_per_min: Floats
    delivered_fraction: float
    mean_velocity_um_per_min: float
    resolved_from_um: float
    outlet: Floats
    faces_um: Floats
    lowest: float
    notes: tuple[str, ...]


def perfused_deposition(
    chamber: Perfusion,
    diffusion_um2_per_min: float,
    settling_um_per_min: float,
    *,
    floor: Floor = PERFECT_SINK,
    stretches: int = 200,
    floor_cell_um: float | None = None,
) -> SliceDeposition:
    """Return the steady deposition on the floor.

    Parameters
    ----------
    chamber : the chamber.
    diffusion_um2_per_min, settling_um_per_min : of the particle; settling is positive downward.
    floor : a perfect sink or a floor that sticks at a finite rate. Limited room or release have no steady state here.
    stretches : stretches of equal length along which the deposition is given.
    floor_cell_um : height of the cells at the floor; None for one that resolves the layer from a thousandth of the length on.

    Raises
    ------
    InputError : if a number is out of its range or the floor has limited room or release.
    DataError : if the cells at the floor never resolve the emptied layer (six cells across it).
    """
    require_number(diffusion_um2_per_min, "diffusion_um2_per_min", above=0)
    require_number(settling_um_per_min, "settling_um_per_min")
    require_number(stretches, "stretches", least=1)
    if floor.release_per_min or np.isfinite(floor.capacity_um):
        raise InputError(
            "a floor with release or limited room has no steady deposition",
            "floor",
            "use a perfect sink or an adhesion rate alone; in a still well the others can be computed",
        )
    faces, cell = _faces(chamber, diffusion_um2_per_min, settling_um_per_min, floor_cell_um)
    resolved = resolved_from(diffusion_um2_per_min, chamber.shear_per_min, cell)
    if floor.is_sink and resolved > chamber.length_um:
        thickness = float(layer_thickness(diffusion_um2_per_min, chamber.shear_per_min, chamber.length_um))
        raise DataError(
            f"the emptied layer at the outlet is {thickness:.3g} µm thick: fewer than {CELLS_PER_LAYER} cells of {cell:.3g} µm",
            "floor_cell_um",
            f"use cells of at most {thickness / CELLS_PER_LAYER:.3g} µm at the floor, or leave the choice to the solver",
        )
    return _march(chamber, diffusion_um2_per_min, settling_um_per_min, floor, stretches, faces, resolved)


def _march(
    chamber: Perfusion, diffusion: float, settling: float, floor: Floor, stretches: int, faces: Floats, resolved: float
) -> SliceDeposition:
    way = chamber.length_um * np.arange(1, stretches + 1) / stretches
    steps, number = growing_steps(way, 1e-7 * chamber.length_um, _STEP)
    carried = _carried(faces, chamber)
    state, loads = np.append(np.ones(len(carried)), 0.0), np.empty(len(steps))
    down, up = face_weights(faces, diffusion, settling)
    lowest = march_line(carried, down, up, floor_numbers(faces, diffusion, settling, floor), steps, state, loads)
    total = loads[number]
    velocity = np.diff(total, prepend=0.0) / np.diff(way, prepend=0.0)
    sent = chamber.mean_velocity_um_per_min * chamber.depth_um
    return SliceDeposition(
        way,
        velocity,
        float(total[-1] / sent),
        float(total[-1] / chamber.length_um),
        resolved,
        state[:-1],
        faces,
        float(lowest),
        _notes(chamber, diffusion, floor, resolved),
    )


def _carried(faces: Floats, chamber: Perfusion) -> Floats:
    """Return the flow through each cell per width, exactly: the parabola integrated over the cell."""
    share = faces / chamber.depth_um
    below = share**2 * (3 - 2 * share)
    return np.asarray(np.diff(below) * chamber.mean_velocity_um_per_min * chamber.depth_um)


def _faces(chamber: Perfusion, diffusion: float, settling: float, floor_cell: float | None) -> tuple[Floats, float]:
    """Return the faces and the height of the lowest cell."""
    peclet = abs(settling) * chamber.depth_um / (2 * diffusion)
    first = float(layer_thickness(diffusion, chamber.shear_per_min, _FIRST * chamber.length_um))
    layer = chamber.depth_um / (1 + 2 * peclet)
    cell = floor_cell if floor_cell is not None else min(first / (CELLS_PER_LAYER + 2), 0.1 * layer, 0.02 * chamber.depth_um)
    require_number(cell, "floor_cell_um", above=0, most=chamber.depth_um / 8)
    share = cell / chamber.depth_um
    top = min(0.1 * layer / chamber.depth_um, _WIDEST)
    growth, widest = (_GROWTH, _WIDEST) if floor_cell is None else (_GROWTH, max(_WIDEST, share))
    faces = chamber.depth_um * graded_faces(share, top, growth, widest, 0.5 * peclet, 8.0)
    return faces, float(faces[-1] - faces[-2])


def _notes(chamber: Perfusion, diffusion: float, floor: Floor, resolved: float) -> tuple[str, ...]:
    notes = []
    along = float(np.sqrt(diffusion / chamber.shear_per_min))
    if along > 0.01 * chamber.length_um:
        notes.append(f"diffusion along the flow, which is left out, matters over the first {along:.3g} µm of the floor")
    if floor.is_sink and resolved > 0.01 * chamber.length_um:
        notes.append(f"the emptied layer has six cells only from {resolved:.3g} µm on: before that deposition is underestimated")
    return tuple(notes)
