"""The medium of a virtual well over time: concentrations at the read-outs, one small file a well.

A file is a NumPy archive (``.npz``) of plain arrays, readable without this program: ``t_min`` (T,), ``solutes`` (S,) text,
``concentration_um`` (T, S, Y, X) float32, ``is_open`` (Y, X) where medium is and no wall, ``pixel_um`` the width of a grid cell.
x to the right, y down, from the top-left corner of the well or chip. The same data give the same bytes.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coculture.errors import FileError
from coculture.store.atomic import written_file
from coculture.store.names import folder_name, well_file_stem

MEDIUM_FOLDER = "medium"

_ARRAYS = ("t_min", "solutes", "concentration_um", "is_open", "pixel_um")


@dataclass(frozen=True, eq=False)
class KeptMedium:
    """The medium of one well.

    Attributes
    ----------
    t_min : (T,) times of the read-outs, ascending.
    solutes : S names.
    concentration_um : (T, S, Y, X) concentrations, µM; 0 in walls.
    is_open : (Y, X) where medium is.
    pixel_um : width of a cell of the grid.
    """

    t_min: NDArray[np.float64]
    solutes: tuple[str, ...]
    concentration_um: NDArray[np.float32]
    is_open: NDArray[np.bool_]
    pixel_um: float

    @property
    def size_um(self) -> tuple[float, float]:
        """(width, height) of the grid."""
        rows, columns = self.is_open.shape
        return columns * self.pixel_um, rows * self.pixel_um


def medium_path(results: Path, plate: str, well: str) -> Path:
    """Return where the medium of a well lies in a results folder."""
    return results / MEDIUM_FOLDER / f"plate={folder_name(plate)}" / f"well={well_file_stem(well)}.npz"


def write_medium(path: Path, medium: KeptMedium) -> None:
    """Write the medium of a well, atomically.

    Raises
    ------
    FileError : if the file cannot be written.
    """
    with written_file(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(
            file,
            t_min=np.asarray(medium.t_min, np.float64),
            solutes=np.array(medium.solutes, dtype=np.str_),
            concentration_um=np.asarray(medium.concentration_um, np.float32),
            is_open=np.asarray(medium.is_open, np.bool_),
            pixel_um=np.float64(medium.pixel_um),
        )


def read_medium(path: Path) -> KeptMedium:
    """Read what :func:`write_medium` wrote.

    Raises
    ------
    FileError : if the file is missing or not one of these.
    """
    remedy = "run the screen with medium = true under [store]"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            t_min, solutes, concentration, is_open, pixel = (kept[name] for name in _ARRAYS)
    except FileNotFoundError as error:
        raise FileError("the medium of this well was not kept", str(path), remedy) from error
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise FileError(f"is not readable: {error}", str(path), "delete it and run again") from error
    return KeptMedium(t_min, tuple(str(name) for name in solutes), concentration, is_open, float(pixel))
