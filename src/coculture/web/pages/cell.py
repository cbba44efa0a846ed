"""One cell: its surroundings, whom it touches, and every number measured of it."""

from __future__ import annotations

from typing import Annotated

import pandas as pd
from fastapi import APIRouter, HTTPException, Query, Request, Response

from coculture.plate.columns import is_feature
from coculture.report.words.numbers import is_missing, significant
from coculture.web.asked import Screen
from coculture.web.kept_cells import at, cells_of_well, contacts_of_well
from coculture.web.pages.plate import well_address
from coculture.web.pages.well import seen_in, the_well
from coculture.web.rendering import page

router = APIRouter()

A_MOMENT = 1e-3
"""Minutes within which two times are one."""


@router.get("/screens/{screen}/plate/{plate}/well/{well}/cell/{cell}")
def cell(
    request: Request,
    screen: str,
    plate: str,
    well: str,
    cell: int,
    contents: Screen,
    site: Annotated[int, Query(ge=1, le=100_000)] = 1,
    time: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    minute: float | None = None,
) -> Response:
    """Show one cell; ``minute`` tells the time point where its number is not known."""
    the_well(contents, plate, well)
    seen = seen_in(contents, plate, well, site)
    if minute is not None:
        time = next((number for number, t_min in enumerate(seen.times) if abs(t_min - minute) < A_MOMENT), len(seen.times))
    if site not in seen.sites or time >= len(seen.times):
        raise HTTPException(404)
    cells = at(cells_of_well(contents.folder, plate, well), site, seen.times[time])
    own = cells[cells["cell_id"] == cell]
    if not len(own):
        raise HTTPException(404)
    row, kinds = own.iloc[0], cells.drop_duplicates("cell_id").set_index("cell_id")["cell_type"]
    pairs = at(contacts_of_well(contents.folder, plate, well), site, seen.times[time])
    return page(
        request,
        "cell.html.j2",
        screen=screen,
        name=contents.name,
        plate=plate,
        well=well,
        cell=cell,
        site=site,
        time=time,
        here_well=well_address(screen, plate, well),
        kind=str(row["cell_type"]),
        alive=bool(row["alive"]),
        imaged=seen.kind == "images",
        touching=[(other, str(kinds.get(other, "")), significant(length)) for other, length in _touching(pairs, cell)],
        features=[(name, significant(row[name])) for name in cells.columns if is_feature(name) and not is_missing(row[name])],
    )


def _touching(pairs: pd.DataFrame, cell: int) -> list[tuple[int, float]]:
    """Return whom a cell touches, and the length of each contact."""
    columns = zip(pairs["cell_a"], pairs["cell_b"], pairs["contact_length_um"], strict=True)
    return [(int(b if a == cell else a), float(length)) for a, b, length in columns if cell in (a, b)]
