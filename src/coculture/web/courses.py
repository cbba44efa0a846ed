"""Concentrations over time in one virtual well: from the medium where the run kept it, else where cells are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from coculture.chip.grid import ChipGrid
from coculture.report import svg
from coculture.report.scales import LinearScale, padded
from coculture.report.words.numbers import significant
from coculture.store.medium import medium_path, read_medium
from coculture.web.kept_cells import cells_of_well

OF_SOLUTES = "cell_medium_"
AT_CELLS, EVERYWHERE = "cells", "whole"
"""Places that are no region of a chip; pages say them in the reader's language."""

Course = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Minutes, and what there was at each."""


def courses_of(folder: Path, plate: str, well: str, grid: ChipGrid | None) -> dict[str, dict[str, Course]]:
    """Return for each solute its course in each place: the regions of the chip, or the median of the cells."""
    path = medium_path(folder, plate, well)
    return _in_medium(path, grid) if path.is_file() else _at_cells(folder, plate, well)


def _in_medium(path: Path, grid: ChipGrid | None) -> dict[str, dict[str, Course]]:
    medium = read_medium(path)
    places: dict[str, NDArray[np.bool_]] = {EVERYWHERE: medium.is_open}
    if grid is not None and grid.shape == medium.is_open.shape:
        places |= {name: medium.is_open & grid.in_region(name) for name in grid.region_names}
    return {
        solute: {
            place: (medium.t_min, medium.concentration_um[:, number][:, inside].mean(axis=1).astype(np.float64))
            for place, inside in places.items()
            if inside.any()
        }
        for number, solute in enumerate(medium.solutes)
    }


def _at_cells(folder: Path, plate: str, well: str) -> dict[str, dict[str, Course]]:
    cells = cells_of_well(folder, plate, well)
    found: dict[str, dict[str, Course]] = {}
    for column in (name for name in cells.columns if name.startswith(OF_SOLUTES)):
        medians = cells.groupby("t_min")[column].median().dropna()
        if len(medians):
            course = (medians.index.to_numpy(float), medians.to_numpy(float))
            found[column.removeprefix(OF_SOLUTES).removesuffix("_um")] = {AT_CELLS: course}
    return found


def course_drawing(courses: Mapping[str, Course], solute: str, axes: tuple[str, str]) -> Markup:
    """Draw the courses of one solute, one line a place; ``axes`` are the labels of time and concentration."""
    times = np.concatenate([time for time, _ in courses.values()]) / 60
    values = np.concatenate([value for _, value in courses.values()])
    across = LinearScale(*padded(0.0, max(float(times.max()), 1e-9), 0.02), 60, 440)
    up = LinearScale(*padded(0.0, max(float(values.max()), 1e-12), 0.05), 230, 26)
    parts = [svg.left_axis(up, 60, 440, axes[1]), svg.bottom_axis(across, 230, axes[0])]
    for number, (place, (time, value)) in enumerate(courses.items()):
        points = [(across(t / 60), up(v)) for t, v in zip(time, value, strict=True)]
        line = [svg.path(points, "curve")] if len(points) > 1 else []
        marks = [
            svg.element("circle", svg.element("title", f"{place}: {significant(v)} µM"), cx=x, cy=y, r=3, class_="point")
            for (x, y), v in zip(points, value, strict=True)
        ]
        parts.append(svg.group([*line, *marks], class_=f"series-{number % 4}"))
    return svg.drawing(parts, 460, 270, title=solute, class_="course")
