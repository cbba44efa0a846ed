"""Every cell of a screen at once: two features against each other, in squares that can be opened down to single cells."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from coculture.web.asked import Screen, known
from coculture.web.pages.plate import well_address
from coculture.web.pages.well import usual_axes
from coculture.web.rendering import page
from coculture.web.scatter import Axes, Which, features_of, scatter
from coculture.web.screen_folder import MANY_FILES, ScreenContents

router = APIRouter()

End = Annotated[float | None, Query()]


@dataclass(frozen=True)
class Cut:
    """The part of the plane that is shown; None is as far as there are cells."""

    x_low: float | None
    x_high: float | None
    y_low: float | None
    y_high: float | None

    @property
    def given(self) -> dict[str, float]:
        """The ends that were given."""
        return {name: value for name, value in vars(self).items() if value is not None}

    def condition(self, axes: Axes) -> tuple[list[str], list[float]]:
        """Return the conditions in SQL, and the values of their question marks."""
        signs = {"low": ">=", "high": "<="}
        columns = {"x": axes.quoted_x, "y": axes.quoted_y}
        parts = [f"{columns[name[0]]} {signs[name[2:]]} ?" for name in self.given]
        return parts, list(self.given.values())


def asked_cut(x_low: End = None, x_high: End = None, y_low: End = None, y_high: End = None) -> Cut:
    """Return the part an address asks for; 400 where an end is no number."""
    cut = Cut(x_low, x_high, y_low, y_high)
    if not all(math.isfinite(value) for value in cut.given.values()):
        raise HTTPException(400)
    return cut


@router.get("/screens/{screen}/cells")
def cells(
    request: Request,
    screen: str,
    contents: Screen,
    cut: Annotated[Cut, Depends(asked_cut)],
    x: str = "",
    y: str = "",
    plate: Annotated[str, Query(max_length=200)] = "",
    kind: Annotated[str, Query(alias="type", max_length=200)] = "",
) -> Response:
    """Show the cells of a whole screen, of one plate, of one type."""
    features = features_of(contents.cell_columns)
    axes = usual_axes(features, x, y) if contents.cell_types else None
    if axes is None:
        return page(request, "nothing.html.j2", screen=screen, name=contents.name, why=_why_none(contents))
    which = _which(contents, axes, plate, kind, cut)
    asked = {"x": axes.x, "y": axes.y, "plate": plate, "type": kind}
    plot, n = scatter(
        contents,
        which,
        axes,
        lambda cell: _cell_address(screen, cell),
        contents.name,
        lambda box: f"?{urlencode({key: value for key, value in asked.items() if value} | box.query)}",
    )
    return page(
        request,
        "cells.html.j2",
        screen=screen,
        name=contents.name,
        features=features,
        axes=axes,
        plates=contents.plates,
        plate=plate,
        kinds=contents.cell_types,
        kind=kind,
        cut=cut,
        whole=f"?{urlencode({key: value for key, value in asked.items() if value})}",
        plot=plot,
        n_plotted=n,
        elsewhere=contents.cells_elsewhere,
    )


def _why_none(contents: ScreenContents) -> str:
    return "cells_in_store" if contents.cells_elsewhere else "no_screen_cells"


def _cell_address(screen: str, cell: Mapping[str, Any]) -> str:
    place = well_address(screen, str(cell["plate"]), str(cell["well"]))
    return f"{place}/cell/{cell['cell_id']}?site={cell['site']}&minute={cell['t_min']:.9g}"


def _which(contents: ScreenContents, axes: Axes, plate: str, kind: str, cut: Cut) -> Which:
    within, ends = cut.condition(axes)
    parts = ["cell_type = ?", *within] if kind else within
    values: list[str | float] = [known(kind, contents.cell_types), *ends] if kind else [*ends]
    where = " AND ".join(parts) or "true"
    if plate and not contents.has_cells(known(plate, contents.plates)):
        return Which(MANY_FILES, "false", (contents.cell_files(),))
    files = contents.cell_files(plate)
    return Which(MANY_FILES, where, (files, *values))
