"""One co-culture assay in which an effect of known kind and size can be planted.

Large tumour cells carry a reporter (``gfp``) that sits in their cytoplasm; small effector cells carry a marker (``rfp``);
all have ``dna``. Effector cells are drawn to tumour cells. A treatment can kill one type, drive the reporter into the
nucleus, or part the types at equal counts; or do nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np

from coculture.errors import InputError
from coculture.imaging.render.placement import scatter_cells
from coculture.imaging.render.scene import CellKind, Optics, Scene, dress_cells

CHANNELS = ("dna", "gfp", "rfp")

TUMOUR, EFFECTOR = "tumour", "effector"

KINDS: Mapping[str, CellKind] = {
    TUMOUR: CellKind(11.0, 6.2, 1.3, levels={"dna": (500.0, 15.0, 0.0), "gfp": (150.0, 500.0, 60.0)}),
    EFFECTOR: CellKind(6.5, 4.4, 1.1, levels={"dna": (650.0, 15.0, 0.0), "rfp": (200.0, 450.0, 200.0)}),
}
"""How the two types look without treatment."""


@dataclass(frozen=True)
class Planted:
    """What a treatment does in this assay, each from 0 (nothing) to 1 (all of it).

    Attributes
    ----------
    kill_tumour, kill_effector : fraction of the type that is gone.
    translocation : fraction of the tumour cells' cytoplasmic reporter that has moved into the nucleus; the cell's total stays.
    parting : how much of the attraction between the types is lost.
    """

    kill_tumour: float = 0.0
    kill_effector: float = 0.0
    translocation: float = 0.0
    parting: float = 0.0

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if not 0 <= value <= 1:
                raise InputError(f"{one.name} is {value}", where="Planted", remedy="give a number from 0 to 1")


@dataclass(frozen=True)
class Assay:
    """The assay without treatment.

    Attributes
    ----------
    n_tumour, n_effector : mean numbers of cells in a field; each field draws its own (Poisson).
    attraction : see :func:`~coculture.imaging.render.placement.scatter_cells`.
    size_px : height and width of the image.
    pixel_size_um : edge of a pixel.
    optics : the microscope.
    """

    n_tumour: float = 45.0
    n_effector: float = 55.0
    attraction: float = 0.7
    size_px: tuple[int, int] = (512, 512)
    pixel_size_um: float = 0.65
    optics: Optics = field(default_factory=Optics)


def assay_scene(rng: np.random.Generator, planted: Planted | None = None, assay: Assay | None = None) -> Scene:
    """Return one field of the assay under a treatment with the ``planted`` effect (default: none).

    Raises
    ------
    DataError : if the assay asks for more cells than the field can hold.
    """
    assay, planted = assay or Assay(), planted or Planted()
    counts = {
        TUMOUR: int(rng.poisson(assay.n_tumour * (1 - planted.kill_tumour))),
        EFFECTOR: int(rng.poisson(assay.n_effector * (1 - planted.kill_effector))),
    }
    size_um = (assay.size_px[0] * assay.pixel_size_um, assay.size_px[1] * assay.pixel_size_um)
    radii = {name: kind.radius_um for name, kind in KINDS.items()}
    places = scatter_cells(rng, counts, radii, size_um, assay.attraction * (1 - planted.parting))
    kinds = {TUMOUR: translocated(KINDS[TUMOUR], "gfp", planted.translocation), EFFECTOR: KINDS[EFFECTOR]}
    cells = dress_cells(rng, places, kinds, CHANNELS)
    return Scene(cells, CHANNELS, *assay.size_px, assay.pixel_size_um, assay.optics)


def translocated(kind: CellKind, channel: str, fraction: float) -> CellKind:
    """Return ``kind`` with ``fraction`` of the channel's cytoplasmic light moved into the nucleus.

    Levels are means over areas, so what leaves the cytoplasm arrives multiplied by the ratio of the areas.
    """
    nucleus, cytoplasm, membrane = kind.levels[channel]
    nucleus_area = kind.nucleus_radius_um**2
    moved = fraction * cytoplasm
    levels = (nucleus + moved * (kind.radius_um**2 - nucleus_area) / nucleus_area, cytoplasm - moved, membrane)
    return replace(kind, levels={**kind.levels, channel: levels})
