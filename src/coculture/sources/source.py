"""What every source of cell tables promises: the contract between the microscope, the virtual chip and a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from coculture.plate.plate_map import PlateMap
    from coculture.store.images.field import FieldImages, FieldOnDemand
    from coculture.store.medium import KeptMedium


@dataclass(frozen=True)
class WellObservation:
    """All that was seen in one well.

    Attributes
    ----------
    cells : one row a cell and time point (``plate.columns.CELL_COLUMNS`` and feature columns).
    contacts : one row a pair of touching cells (``CONTACT_COLUMNS``).
    fields : one row a field and channel (``FIELD_COLUMNS``); the plate-wide flags are still to be set.
    readouts : the well's numbers by name: counts, every read-out of the recipe, the median of every feature.
    images : what to keep as OME-Zarr, empty where nothing is kept.
    notes : what a reader of the well's numbers must know: what could not be tracked, what was left out.
    medium : the solutes around virtual cells at each read-out, None where they are not kept.
    course : the well's numbers at each of its time points (``COURSE_COLUMNS``), None where it was seen once.
    doses : what was administered, delivered, released and is inside the cells at each read-out (``DOSE_COLUMNS``), None where
        no carriers are dosed.
    written : files that the source wrote under its folder by itself, such as photographs as TIFF.
    """

    cells: pd.DataFrame
    contacts: pd.DataFrame
    fields: pd.DataFrame
    readouts: dict[str, float | int | str]
    images: tuple[FieldImages | FieldOnDemand, ...] = field(default=())
    notes: tuple[str, ...] = ()
    medium: KeptMedium | None = None
    doses: pd.DataFrame | None = None
    course: pd.DataFrame | None = None
    written: tuple[Path, ...] = ()


class Source(Protocol):
    """Something that fills the cell table, well by well. It is sent to worker processes, so it pickles and is small."""

    @property
    def plate_map(self) -> PlateMap:
        """What every well was given."""
        ...

    def wells(self) -> list[tuple[str, str]]:
        """Return the (plate, well) pairs to observe, in a fixed order."""
        ...

    def prepare(self, folder: Path) -> None:
        """Do what needs the whole plate before any well (illumination, thresholds) and keep it under ``folder``.

        Called once by the parent. Doing it again gives the same bytes. What lies in ``prepared`` and in the illumination of
        ``images`` is brought to workers that see another folder.
        """
        ...

    def observe(self, folder: Path, plate: str, well: str) -> WellObservation:
        """Observe one well, using what :meth:`prepare` left under ``folder``.

        Raises
        ------
        CocultureError : if the well cannot be observed; the run reports it and goes on with the others.
        """
        ...
