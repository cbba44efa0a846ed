"""What a virtual screen is: the culture, its vessel, its drugs, and what is read out when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coculture.cells.model import CellModel
from coculture.sources.contact_pairs import ContactSettings
from coculture.sources.summary import ReadoutRule
from coculture.sources.virtual_chip.carriers.carrier import DosedCarrier
from coculture.sources.virtual_chip.drug import Drug, Substances
from coculture.sources.virtual_chip.gap_numbers import GapSettings
from coculture.sources.virtual_chip.photographs import PhotographSettings
from coculture.sources.virtual_chip.seeding import Seeding
from coculture.sources.virtual_chip.vessels.base import Vessel
from coculture.sources.well_summary import NumberSettings

USUAL_NUMBERS = NumberSettings()
TOUCHING = ContactSettings()


@dataclass(frozen=True)
class VirtualSettings:
    """How a well lives and is read out.

    Attributes
    ----------
    model : the culture.
    vessel : where it lives.
    seedings : cells at the start.
    read_out_min : times of the read-outs, ascending; the last is the end.
    seed : the run's seed.
    drugs : every drug of the screen, by name.
    substances : what each thing dosed brings.
    carriers : nano-carriers of the screen, by name; in ``substances`` they stand for themselves, by the drug they carry.
    genes : names of ligands and receptors in effects → those of the culture.
    delivered : whether drugs travel through the medium, or are everywhere at the dose of the plate map.
    apart : least distance of two founders, in sums of their radii.
    contacts : which cells are neighbours in the tables.
    numbers : what is asked about what happens between cells.
    readouts : how cells become the well's read-outs.
    photographs : how wells are photographed, None where they are not.
    keep_images : whether photographs go into the observation, for OME-Zarr.
    keep_medium : whether the solutes of every read-out do.
    gap : a gap whose closing is measured, None where none is.
    """

    model: CellModel
    vessel: Vessel
    seedings: tuple[Seeding, ...]
    read_out_min: tuple[float, ...]
    seed: int = 1
    drugs: Mapping[str, Drug] = field(default_factory=dict)
    substances: Substances = field(default_factory=dict)
    carriers: Mapping[str, DosedCarrier] = field(default_factory=dict)
    genes: Mapping[str, str] = field(default_factory=dict)
    delivered: bool = False
    apart: float = 1.0
    contacts: ContactSettings = TOUCHING
    numbers: NumberSettings = USUAL_NUMBERS
    readouts: tuple[ReadoutRule, ...] = ()
    photographs: PhotographSettings | None = None
    keep_images: bool = True
    keep_medium: bool = False
    gap: GapSettings | None = None

    @property
    def is_series(self) -> bool:
        """Whether wells are read out more than once."""
        return len(self.read_out_min) > 1
