"""Check a chip: everything that is wrong with it at once, and a summary where it can be made."""

from __future__ import annotations

from dataclasses import dataclass

from coculture.chip.geometry.check.connections import connection_problems
from coculture.chip.geometry.check.contradictions import contradiction_warnings, contradictions
from coculture.chip.geometry.check.gel_support import gel_problems
from coculture.chip.geometry.check.outlines import outline_problems, outline_warnings
from coculture.chip.geometry.check.passages import passage_problems, passages, width_warnings
from coculture.chip.geometry.check.summary import ChipSummary, summary_of
from coculture.chip.geometry.chip import Chip
from coculture.chip.geometry.raster import rasterise
from coculture.chip.grid import ChipGrid
from coculture.errors import InputError, Problem

CELLS_ACROSS = 3
"""Cells that the narrowest passage needs across, for the flow in it to be a flow at all."""


@dataclass(frozen=True, eq=False)
class ChipReport:
    """What a check found.

    Attributes
    ----------
    errors : what makes the chip impossible, or its grid too coarse.
    warnings : what is possible, but may not be meant.
    summary, grid : the chip in numbers and on its grid; None where no grid could be made.
    """

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    summary: ChipSummary | None = None
    grid: ChipGrid | None = None


def check_chip(chip: Chip, pitch_um: float | None = None, cells_across: int = CELLS_ACROSS) -> ChipReport:
    """Return everything that is wrong with ``chip`` on a grid of ``pitch_um`` (None: the design's own).

    Never raises for a fault of the chip: each becomes an error of the report.
    """
    if errors := tuple(outline_problems(chip)):
        return ChipReport(errors)
    try:
        grid = rasterise(chip, pitch_um)
    except InputError as error:
        return ChipReport(error.problems)
    found = passages(chip, grid)
    errors = (
        *passage_problems(found, grid.pitch_um, cells_across),
        *contradictions(chip, grid),
        *connection_problems(chip, grid),
        *gel_problems(chip, grid),
    )
    warnings = (*outline_warnings(chip), *contradiction_warnings(chip, grid), *width_warnings(chip, grid))
    return ChipReport(errors, warnings, summary_of(chip, grid, found), grid)


def checked_grid(chip: Chip, pitch_um: float | None = None, cells_across: int = CELLS_ACROSS) -> ChipGrid:
    """Return the grid of a chip that passes its check.

    Raises
    ------
    InputError : with every error of the check.
    """
    report = check_chip(chip, pitch_um, cells_across)
    if report.errors or report.grid is None:
        raise InputError(report.errors)
    return report.grid
