"""Which file is which plate, well, site, time and channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import FileError, InputError, Problem
from coculture.imaging.read import ome_zarr, tiff
from coculture.imaging.read.field import Field
from coculture.imaging.read.found import Reader
from coculture.imaging.read.structure import FileStructure
from coculture.imaging.read.wells import shortened

_Key = tuple[str, str, int, int]


@dataclass(frozen=True, eq=False)
class ImageIndex:
    """The images of one folder.

    Attributes
    ----------
    root : the folder that ``path`` is relative to.
    frame : one row an image: plate, well, site (from 1), t_index (from 0), t_min, z, channel, path, plane; sorted.
    channels : our names, in the order of :attr:`Field.pixels`.
    structure : what every file holds.
    pixel_size_um : width of a pixel.
    max_value : highest value the camera can record (see :class:`Field`).
    reader : 'tiff' or 'ome-zarr'.
    notes : what a user should know and may ignore.
    """

    root: Path
    frame: pd.DataFrame
    channels: tuple[str, ...]
    structure: FileStructure
    pixel_size_um: float
    max_value: float
    reader: Reader
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """(Y, X) of every image."""
        return self.structure.shape

    @property
    def dtype(self) -> str:
        """NumPy name of the images' native dtype."""
        return self.structure.dtype

    @property
    def plates(self) -> list[str]:
        """Names of the plates, sorted."""
        return sorted(map(str, self.frame["plate"].unique()))

    def wells(self, plate: str) -> list[str]:
        """Wells of ``plate`` that have images, sorted; [] for a plate that has none."""
        return sorted(self._sites.get(plate, {}))

    def sites(self, plate: str, well: str) -> list[int]:
        """Sites of a well, sorted; [] for a well without images."""
        return sorted(self._sites.get(plate, {}).get(well, {}))

    def times(self, plate: str, well: str, site: int) -> list[int]:
        """``t_index`` of the time points at which a site was imaged, sorted."""
        return sorted(self._sites.get(plate, {}).get(well, {}).get(site, []))

    def read(self, plate: str, well: str, site: int, t_index: int = 0) -> Field:
        """Read all channels of one field at one time; several focal planes become their maximum.

        Raises
        ------
        InputError : if the index has no such field.
        FileError : if a file is missing, damaged, or unlike the others.
        """
        rows = self._rows.get((plate, well, site, t_index))
        if rows is None:
            raise InputError(
                f"there is no image of site {site}, time point {t_index}",
                f"plate {plate}, well {well}",
                f"the well has sites {', '.join(map(str, self.sites(plate, well))) or 'none'}",
            )
        part = self.frame.iloc[rows]
        planes = self._read_rows(part["path"].tolist(), part["plane"].tolist())
        names = part["channel"].tolist()
        stack = [_projected([plane for plane, name in zip(planes, names, strict=True) if name == c]) for c in self.channels]
        t_min = float(part["t_min"].iloc[0])
        return Field(np.stack(stack), self.channels, self.pixel_size_um, plate, well, site, t_min, self.max_value)

    def images_of(self, channel: str, *, plate: str | None = None, at_most: int | None = None) -> Iterator[NDArray[Any]]:
        """Read one channel's images one after the other, (Y, X) each; ``at_most`` so many, spread evenly over the plates.

        Several focal planes become their maximum, as in :meth:`read`.

        Raises
        ------
        InputError : if the index has no such channel.
        """
        if channel not in self.channels:
            raise InputError(f"there is no channel {channel!r}", remedy=f"the channels are {', '.join(self.channels)}")
        frame = self.frame[self.frame["channel"] == channel]
        if plate is not None:
            frame = frame[frame["plate"] == plate]
        starts = np.flatnonzero(~frame.duplicated(["plate", "well", "site", "t_index"])).tolist()
        ends = [*starts[1:], len(frame)]
        chosen = list(range(len(starts)))
        if at_most is not None and len(starts) > at_most:
            chosen = np.linspace(0, len(starts) - 1, at_most).round().astype(int).tolist()
        paths, planes = frame["path"].tolist(), frame["plane"].tolist()
        for i in chosen:
            rows = slice(starts[i], ends[i])
            yield _projected(self._read_rows(paths[rows], planes[rows]))

    def only(self, plate: str, wells: list[str]) -> ImageIndex:
        """Return the index of some wells: a small thing to send to a worker."""
        part = self.frame[(self.frame["plate"] == plate) & self.frame["well"].isin(wells)]
        return replace(self, frame=part.reset_index(drop=True))

    def verify(self) -> None:
        """Read the header of every file.

        Raises
        ------
        FileError : naming every file that is missing, damaged, or unlike the others.
        """
        problems: list[Problem] = []
        check = ome_zarr.check_array if self.reader == "ome-zarr" else tiff.check_file
        for path in sorted(set(self.frame["path"].tolist())):
            try:
                check(self.root / path, self.structure)
            except FileError as error:
                problems.extend(error.problems)
        if problems:
            raise FileError(shortened(problems, "files"))

    def _read_rows(self, paths: list[str], planes: list[int]) -> list[NDArray[Any]]:
        """Read planes in order, opening each file once."""
        wanted: dict[str, list[int]] = {}
        for path, plane in zip(paths, planes, strict=True):
            wanted.setdefault(path, []).append(plane)
        read = ome_zarr.read_planes if self.reader == "ome-zarr" else tiff.read_planes
        found: dict[tuple[str, int], NDArray[Any]] = {}
        for path, numbers in wanted.items():
            images = read(self.root / path, numbers, self.structure)
            found.update({(path, number): image for number, image in zip(numbers, images, strict=True)})
        return [found[key] for key in zip(paths, planes, strict=True)]

    @cached_property
    def _rows(self) -> dict[_Key, list[int]]:
        rows: dict[_Key, list[int]] = {}
        columns = (self.frame[name].tolist() for name in ("plate", "well", "site", "t_index"))
        for number, key in enumerate(zip(*columns, strict=True)):
            rows.setdefault(key, []).append(number)
        return rows

    @cached_property
    def _sites(self) -> dict[str, dict[str, dict[int, list[int]]]]:
        sites: dict[str, dict[str, dict[int, list[int]]]] = {}
        for plate, well, site, t_index in self._rows:
            sites.setdefault(plate, {}).setdefault(well, {}).setdefault(site, []).append(t_index)
        return sites

    def __getstate__(self) -> dict[str, Any]:
        """Leave the look-up tables behind: they are rebuilt when asked for."""
        return {name: value for name, value in self.__dict__.items() if not name.startswith("_")}


def _projected(planes: list[NDArray[Any]]) -> NDArray[Any]:
    return planes[0] if len(planes) == 1 else np.maximum.reduce(planes)
