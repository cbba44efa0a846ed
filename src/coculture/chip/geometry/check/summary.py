"""A chip in a few numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coculture.chip.geometry.check.passages import Passage
from coculture.chip.geometry.chip import Chip
from coculture.chip.grid import FLUID, GEL, ChipGrid

UM2_PER_MM2 = 1e6
UM3_PER_UL = 1e9


@dataclass(frozen=True)
class RegionSize:
    """How large a region is on the grid."""

    name: str
    area_mm2: float
    volume_ul: float
    cells: int


@dataclass(frozen=True)
class ChipSummary:
    """What a chip is, in numbers.

    Attributes
    ----------
    name, title : of the design.
    width_um, height_um, pitch_um, rows, columns : of the frame and its grid.
    fluid, gel : the open space, and the part of it that is gel.
    regions : each named region.
    narrowest : the narrowest passage; None where there is neither channel nor post.
    ports : names of the inlets and of the outlets.
    """

    name: str
    title: str
    width_um: float
    height_um: float
    pitch_um: float
    rows: int
    columns: int
    fluid: RegionSize
    gel: RegionSize
    regions: tuple[RegionSize, ...]
    narrowest: Passage | None
    inlets: tuple[str, ...]
    outlets: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return the summary as a person reads it."""
        opened = self.fluid.cells + self.gel.cells
        text = [
            f"{self.name}: {self.title}",
            f"frame      {self.width_um:g} × {self.height_um:g} µm",
            f"grid       {self.columns} × {self.rows} cells of {self.pitch_um:g} µm, {opened:,} of them open",
            f"fluid      {self.fluid.area_mm2:.4g} mm², {self.fluid.volume_ul:.4g} µL",
        ]
        if self.gel.cells:
            text.append(f"gel        {self.gel.area_mm2:.4g} mm², {self.gel.volume_ul:.4g} µL")
        if self.narrowest is not None:
            across = self.narrowest.width_um / self.pitch_um
            text.append(f"narrowest  {self.narrowest.width_um:.4g} µm, {across:.3g} cells: {self.narrowest.what}")
        text.append(f"inlets     {', '.join(self.inlets) or 'none'}")
        text.append(f"outlets    {', '.join(self.outlets) or 'none'}")
        text += [
            f"region     {region.name}: {region.area_mm2:.4g} mm², {region.volume_ul:.4g} µL, {region.cells:,} cells"
            for region in self.regions[:12]
        ]
        if len(self.regions) > 12:
            text.append(f"region     … and {len(self.regions) - 12} more")
        return text


def summary_of(chip: Chip, grid: ChipGrid, found: list[Passage]) -> ChipSummary:
    """Return the summary of a chip on its grid."""
    rows, columns = grid.shape
    counts = np.bincount(grid.region[grid.region >= 0].ravel(), minlength=len(grid.region_names))
    depths = np.bincount(
        grid.region[grid.region >= 0].ravel(), weights=grid.depth_um[grid.region >= 0], minlength=len(grid.region_names)
    )
    regions = tuple(
        _size(name, int(counts[number]), float(depths[number]), grid.pitch_um) for number, name in enumerate(grid.region_names)
    )
    return ChipSummary(
        name=chip.name,
        title=chip.title,
        width_um=chip.width_um,
        height_um=chip.height_um,
        pitch_um=grid.pitch_um,
        rows=rows,
        columns=columns,
        fluid=_filled(grid, FLUID, "fluid"),
        gel=_filled(grid, GEL, "gel"),
        regions=regions,
        narrowest=min(found, key=lambda passage: passage.width_um, default=None),
        inlets=tuple(port.name for port in grid.ports if port.kind == "inlet"),
        outlets=tuple(port.name for port in grid.ports if port.kind == "outlet"),
    )


def _filled(grid: ChipGrid, what: int, name: str) -> RegionSize:
    cells = grid.space == what
    return _size(name, int(np.count_nonzero(cells)), float(grid.depth_um[cells].sum()), grid.pitch_um)


def _size(name: str, cells: int, depth_sum: float, pitch_um: float) -> RegionSize:
    return RegionSize(name, cells * pitch_um**2 / UM2_PER_MM2, depth_sum * pitch_um**2 / UM3_PER_UL, cells)
