"""What is in front of the objective, and what the microscope does to it.

A :class:`Scene` is a table of cells and an :class:`Optics`. Levels are in grey levels: the mean a camera would show over
that compartment, without blur, shading and noise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from coculture.errors import InputError

COMPARTMENTS = ("nucleus", "cytoplasm", "membrane")
"""Where a marker can be. ``membrane`` is the rim of the cell, one pixel wide, and comes on top of the cytoplasm."""

CELL_SCENE_COLUMNS = ("x_um", "y_um", "cell_type", "radius_um", "nucleus_radius_um", "aspect", "angle_rad")
"""What a scene must know of each cell, beside the levels ``<channel>_<compartment>``."""


@dataclass(frozen=True)
class Optics:
    """The microscope and its camera.

    Attributes
    ----------
    psf_sigma_um : standard deviation of the Gaussian that stands for the point-spread function in focus.
    focus_offset_um : distance of the cells from the focal plane.
    focus_spread : growth of the blur, in µm of sigma per µm of ``focus_offset_um``, see :meth:`from_objective`.
    vignetting : fraction of light lost at the farthest corner from the optical axis, 0 to below 1.
    axis_shift : where the optical axis meets the image, as a fraction of height and width from the centre.
    bleed_through : channel → {other channel: fraction of the *other's* signal that also shows in this channel}.
    background : grey level of the medium's own light, before shading.
    haze : fraction of the signal spread as a wide glow, as by light from above and below the focal plane.
    haze_sigma_um : width of that glow.
    photons_per_grey : photons behind one grey level; shot noise has a variance of signal / photons_per_grey.
    read_noise : standard deviation of the camera's own noise, grey levels.
    offset : grey level the camera adds.
    bit_depth : the camera saturates at 2 ** bit_depth - 1.
    """

    psf_sigma_um: float = 0.3
    focus_offset_um: float = 0.0
    focus_spread: float = 0.3
    vignetting: float = 0.15
    axis_shift: tuple[float, float] = (0.0, 0.0)
    bleed_through: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    background: float = 30.0
    haze: float = 0.08
    haze_sigma_um: float = 25.0
    photons_per_grey: float = 0.5
    read_noise: float = 2.0
    offset: float = 100.0
    bit_depth: int = 12

    def __post_init__(self) -> None:
        bounds = {
            "psf_sigma_um": (0.0, math.inf),
            "focus_spread": (0.0, math.inf),
            "vignetting": (0.0, 0.99),
            "background": (0.0, math.inf),
            "haze": (0.0, 1.0),
            "haze_sigma_um": (0.0, math.inf),
            "photons_per_grey": (1e-6, math.inf),
            "read_noise": (0.0, math.inf),
            "bit_depth": (1, 16),
        }
        for name, (low, high) in bounds.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise InputError(f"{name} is {value}", where="Optics", remedy=f"give a number from {low} to {high}")

    @property
    def blur_um(self) -> float:
        """Sigma of the whole blur: point-spread function and defocus, which add as variances."""
        return math.hypot(self.psf_sigma_um, self.focus_spread * self.focus_offset_um)

    @property
    def ceiling(self) -> int:
        """Highest grey level the camera can record."""
        return int(2**self.bit_depth - 1)

    @staticmethod
    def from_objective(numerical_aperture: float, wavelength_um: float, refractive_index: float = 1.0) -> tuple[float, float]:
        """Return (psf_sigma_um, focus_spread) of an objective.

        The Gaussian closest to the in-focus wide-field function has sigma = sqrt(2) λ / (2π NA) (Zhang, Zerubia and
        Olivo-Marin, Applied Optics 46:1819, 2007). Out of focus, a point becomes a disc of radius tan(α) per µm with
        sin(α) = NA / n, whose standard deviation along one axis is half its radius.

        Raises
        ------
        InputError : if the aperture is not between 0 and the refractive index, or the wavelength is not positive.
        """
        if not 0 < numerical_aperture < refractive_index or wavelength_um <= 0:
            raise InputError(
                f"no objective has NA {numerical_aperture} in a medium of index {refractive_index} at {wavelength_um} µm",
                where="Optics.from_objective",
                remedy="NA lies between 0 and the refractive index; the wavelength is about 0.5 µm",
            )
        sigma = math.sqrt(2) * wavelength_um / (2 * math.pi * numerical_aperture)
        return sigma, math.tan(math.asin(numerical_aperture / refractive_index)) / 2


@dataclass(frozen=True)
class Scene:
    """A field of view full of cells.

    Attributes
    ----------
    cells : one row a cell: :data:`CELL_SCENE_COLUMNS` and ``<channel>_<compartment>`` for every channel; positions of the
        nucleus' centre from the field's top-left corner; cells may lie partly or wholly outside.
    channels : names, in the order of the image.
    height_px, width_px : size of the image.
    pixel_size_um : edge of a pixel.
    optics : the microscope.
    irregularity : how far outlines of cells stray from an ellipse, as a fraction of the radius; nuclei stray a third of it.
    texture : strength of the grain inside cells, 0 for flat ones.
    debris : particles per image, bright in every channel.
    """

    cells: pd.DataFrame
    channels: tuple[str, ...]
    height_px: int
    width_px: int
    pixel_size_um: float
    optics: Optics = field(default_factory=Optics)
    irregularity: float = 0.12
    texture: float = 0.25
    debris: int = 0

    def __post_init__(self) -> None:
        levels = [f"{channel}_{place}" for channel in self.channels for place in COMPARTMENTS]
        missing = [name for name in (*CELL_SCENE_COLUMNS, *levels) if name not in self.cells.columns]
        if missing:
            raise InputError(
                f"the table of cells lacks {', '.join(missing)}", where="Scene", remedy="dress_cells() makes all of them"
            )
        if min(self.height_px, self.width_px) < 1 or not self.pixel_size_um > 0:
            raise InputError(
                f"an image of {self.height_px} × {self.width_px} pixels of {self.pixel_size_um} µm cannot be",
                where="Scene",
                remedy="give sizes above 0",
            )
        lengths = self.cells[["radius_um", "nucleus_radius_um", "aspect"]].to_numpy(float)
        if not (lengths > 0).all():
            raise InputError("a radius or aspect is not above 0", where="Scene.cells", remedy="leave cells of no size out")


@dataclass(frozen=True)
class CellKind:
    """How cells of one type look.

    Attributes
    ----------
    radius_um, nucleus_radius_um : median radii.
    aspect : median ratio of length to width.
    size_variation : standard deviation of the log radius.
    level_variation : standard deviation of the log level, one draw a cell and channel for all compartments together, so
        that their ratio stays.
    levels : channel → grey levels of (nucleus, cytoplasm, membrane); a channel not named is dark.
    """

    radius_um: float = 10.0
    nucleus_radius_um: float = 5.5
    aspect: float = 1.25
    size_variation: float = 0.08
    level_variation: float = 0.15
    levels: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)


def dress_cells(
    rng: np.random.Generator, places: pd.DataFrame, kinds: Mapping[str, CellKind], channels: Sequence[str]
) -> pd.DataFrame:
    """Turn places (``x_um``, ``y_um``, ``cell_type``) into the cells of a scene: sizes, directions and levels.

    Raises
    ------
    InputError : if a cell is of a type that ``kinds`` does not describe.
    """
    unknown = sorted(set(places["cell_type"]) - set(kinds))
    if unknown:
        raise InputError(f"no CellKind describes the type {', '.join(unknown)}", where="dress_cells", remedy="add it to kinds")
    cells = places[["x_um", "y_um", "cell_type"]].reset_index(drop=True)
    of = [kinds[name] for name in cells["cell_type"]]
    n = len(cells)
    size = np.exp(rng.standard_normal(n) * np.array([kind.size_variation for kind in of]))
    cells["radius_um"] = size * np.array([kind.radius_um for kind in of])
    cells["nucleus_radius_um"] = size * np.array([kind.nucleus_radius_um for kind in of])
    cells["aspect"] = 1 + (np.array([kind.aspect for kind in of]) - 1) * rng.uniform(0.5, 1.5, n)
    cells["angle_rad"] = rng.uniform(0, math.pi, n)
    spread = np.array([kind.level_variation for kind in of])
    for channel in channels:
        scale = np.exp(rng.standard_normal(n) * spread)
        levels = np.array([kind.levels.get(channel, (0.0, 0.0, 0.0)) for kind in of]).reshape(n, 3)
        for number, place in enumerate(COMPARTMENTS):
            cells[f"{channel}_{place}"] = scale * levels[:, number]
    return cells
