"""Wells drawn from their cell table: discs of the cells' own areas, the medium behind them, walls around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import distance_transform_edt

from coculture.errors import FileError, InputError
from coculture.movie.canvas import Canvas, View
from coculture.movie.caption import Caption, Solute
from coculture.movie.colours import DEAD, FAINT, PAPER, WALL, Colour, darker, medium_colours, type_colours
from coculture.movie.encoders.base import Frame
from coculture.movie.overlay import Overlay
from coculture.movie.wanted import NOTHING, Wanted
from coculture.movie.well import KeptWell
from coculture.movie.window import vessel_of, window_of
from coculture.typed_file.complaints import did_you_mean

HOW_TO_KEEP = "put medium = true under [store] in the recipe and run it again (coculture run --fresh)"

BRIGHTEST = 99.8
"""Percentile of the shown concentrations that has the strongest colour, so that one hot place does not pale the rest."""


@dataclass(frozen=True, eq=False)
class DrawnWell:
    """The painter of a drawn well.

    Attributes
    ----------
    well : the well.
    wanted : what is shown.
    """

    well: KeptWell
    wanted: Wanted

    @cached_property
    def times_min(self) -> tuple[float, ...]:
        """The read-outs."""
        kept = () if self.well.medium is None else tuple(float(t) for t in self.well.medium.t_min)
        return tuple(sorted({*kept, *(float(t) for t in self.well.cells["t_min"].unique())}))

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What the user should know."""
        told = []
        if self.well.has_solutes and self.well.medium is None and self.wanted.field is None:
            told.append(f"no ligand field: this run did not keep the medium; to see it, {HOW_TO_KEEP}")
        if self.wanted.tracks and not self._overlay.has_tracks and len(self.times_min) > 1:
            told.append("no tracks: the cells of this well were not followed")
        return tuple(told)

    @cached_property
    def caption(self) -> Caption:
        """The caption."""
        key = (*self._colours.items(), ("dead", DEAD))
        return Caption(f"{self.well.where} · {self.well.given}", self._view.pixels_per_um, key, self._solute)

    def counts(self, number: int) -> Sequence[int | None]:
        """Return the living cells of each type, and the dead."""
        return self._overlay.counts(self.times_min[number], tuple(self._colours))

    def picture(self, number: int) -> Frame:
        """Return the drawing of a read-out."""
        t_min = self.times_min[number]
        canvas = Canvas(self._view, self._ground(t_min))
        self._overlay.draw_tracks(canvas, t_min)
        cells = self._overlay.cells_at(t_min)
        dead_first = np.argsort(cells["alive"].to_numpy(bool), kind="stable")
        cells = cells.iloc[dead_first]
        places = self._view.pixels(cells["x_um"].to_numpy(float), cells["y_um"].to_numpy(float))
        radii = self._view.length(1.0) * np.sqrt(cells["area_um2"].to_numpy(float) / np.pi)
        fills = [
            self._colours.get(str(kind), FAINT) if alive else DEAD
            for kind, alive in zip(cells["cell_type"], cells["alive"], strict=True)
        ]
        canvas.discs(places, radii, fills, [darker(one) for one in fills])
        self._overlay.draw_contacts(canvas, t_min)
        return canvas.finished()

    @cached_property
    def _colours(self) -> dict[str, Colour]:
        return type_colours(self.well.types)

    @cached_property
    def _overlay(self) -> Overlay:
        return Overlay(self.well, self.wanted, self._colours)

    @cached_property
    def _view(self) -> View:
        return View.fitting(window_of(self.well, self.wanted), self.wanted.longest)

    @cached_property
    def _solute(self) -> Solute | None:
        """The solute behind the cells.

        Raises
        ------
        FileError : if one is asked for and the medium was not kept.
        InputError : if there is none of that name.
        """
        medium, asked = self.well.medium, self.wanted.field
        if asked == NOTHING or (medium is None and asked is None):
            return None
        if medium is None:
            raise FileError(f"the field of '{asked}' was not kept", self.well.where, HOW_TO_KEEP)
        if asked is None and not medium.solutes:
            return None
        name = asked or medium.solutes[0]
        if name not in medium.solutes:
            there = ", ".join(medium.solutes) or "none"
            raise InputError(
                f"there is no solute '{name}'", self.well.where, f"{did_you_mean(name, medium.solutes)}there is: {there}"
            )
        rows, columns = self._rows_and_columns(medium.pixel_um, medium.is_open.shape)
        shown = medium.concentration_um[:, medium.solutes.index(name), rows, columns]
        shown = shown[:, medium.is_open[rows, columns]]
        most = float(np.percentile(shown, BRIGHTEST)) if shown.size else 0.0
        return Solute(name, most if most > 0 else float(shown.max(initial=0.0)))

    def _rows_and_columns(self, pixel_um: float, shape: tuple[int, ...]) -> tuple[slice, slice]:
        """Return the grid cells that are in view."""
        view = self._view
        first_row, first_column = int(view.top_um // pixel_um), int(view.left_um // pixel_um)
        last_row = min(shape[0], int(np.ceil((view.top_um + view.height_um) / pixel_um - 1e-9)))
        last_column = min(shape[1], int(np.ceil((view.left_um + view.width_um) / pixel_um - 1e-9)))
        return slice(first_row, last_row), slice(first_column, last_column)

    def _ground(self, t_min: float) -> Frame:
        """Return the medium and the walls of a read-out."""
        ground = np.full((*self._view.size[::-1], 3), PAPER, np.uint8)
        solute, medium = self._solute, self.well.medium
        if solute is not None and medium is not None and t_min in medium.t_min:
            number = int(np.flatnonzero(medium.t_min == t_min)[0])
            values = medium.concentration_um[number, medium.solutes.index(solute.name)][self._nearest_open]
            shares = self._on_view(values, medium.pixel_um, Image.Resampling.BILINEAR) / (solute.most_um or 1.0)
            ground = medium_colours()[np.clip(np.rint(shares * 255), 0, 255).astype(np.intp)]
        if self._walls is not None:
            ground[self._walls] = WALL
        return ground

    @cached_property
    def _nearest_open(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Row and column of the nearest place with medium, so that smoothing does not fade the medium beside walls."""
        assert self.well.medium is not None
        rows, columns = distance_transform_edt(~self.well.medium.is_open, return_distances=False, return_indices=True)
        return rows, columns

    @cached_property
    def _walls(self) -> NDArray[np.bool_] | None:
        """(Y, X) of the picture: where walls are."""
        _, found = vessel_of(self.well)
        if found is None:
            return None
        is_open, pixel_um = found
        return np.asarray(self._on_view(is_open.astype(np.float32), pixel_um, Image.Resampling.NEAREST) < 0.5)

    def _on_view(self, values: NDArray[np.floating], pixel_um: float, how: Image.Resampling) -> NDArray[np.float32]:
        """Return a field of the grid (Y, X) as (Y, X) of the picture."""
        view = self._view
        box = (view.left_um / pixel_um, view.top_um / pixel_um)
        to = ((view.left_um + view.width_um) / pixel_um, (view.top_um + view.height_um) / pixel_um)
        rows, columns = values.shape
        within = (max(box[0], 0.0), max(box[1], 0.0), min(to[0], float(columns)), min(to[1], float(rows)))
        image = Image.fromarray(np.ascontiguousarray(values, np.float32))
        return np.asarray(image.resize(view.size, how, box=within), np.float32)
