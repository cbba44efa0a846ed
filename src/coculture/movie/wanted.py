"""What a movie shall show."""

from __future__ import annotations

from dataclasses import dataclass

NOTHING = "none"
"""Name of no solute."""


@dataclass(frozen=True)
class Wanted:
    """What a movie shall show, and how.

    Attributes
    ----------
    plate : the plate; needed where several have a well of that name.
    site : field of view of an imaged well.
    field : the solute behind virtual cells; None for the first that was kept, ``none`` for none.
    channels : channels of an imaged well; none: all.
    tracks : whether the ways of the cells are drawn.
    contacts : whether contacts are drawn.
    outlines : whether the outlines of imaged cells are drawn.
    drawn : whether cells are drawn from the cell table although there are images.
    whole : whether the whole chip is shown, and not only the part where cells are.
    fps : pictures a second; None: so that the movie takes about eight seconds.
    longest : pixels of the longer side.
    """

    plate: str | None = None
    site: int = 1
    field: str | None = None
    channels: tuple[str, ...] = ()
    tracks: bool = True
    contacts: bool = True
    outlines: bool = True
    drawn: bool = False
    whole: bool = False
    fps: float | None = None
    longest: int = 800
