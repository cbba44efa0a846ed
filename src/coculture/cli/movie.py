"""``coculture movie``: a well over time, as a film."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from coculture.movie.encoders.base import Frame


@click.command("movie")
@click.argument("results", type=click.Path(path_type=Path))
@click.argument("well")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A .mp4 (extra 'movie'), .gif, or .png for the last time point. [default: WELL.mp4]",
)
@click.option("--plate", help="The plate, where several have such a well.")
@click.option("--field", help="The solute behind virtual cells, or 'none'. [default: the culture's first]")
@click.option("--channels", help="Channels of an imaged well, by comma. [default: all]")
@click.option("--site", type=click.IntRange(min=1), default=1, show_default=True, help="Field of view of an imaged well.")
@click.option("--tracks/--no-tracks", default=True, show_default=True, help="Where each cell came from.")
@click.option("--contacts/--no-contacts", default=True, show_default=True, help="Lines between cells that touch.")
@click.option("--outlines/--no-outlines", default=True, show_default=True, help="Outlines of imaged cells.")
@click.option("--drawn", is_flag=True, help="Draw discs from the cell table although there are images.")
@click.option("--whole", is_flag=True, help="Show the whole chip, and not only where cells are.")
@click.option("--fps", type=click.FloatRange(min=0.5, max=60), help="Pictures a second. [default: about 8 s in all]")
@click.option("--size", type=click.IntRange(min=100, max=4000), default=800, show_default=True, help="Pixels of the longer side.")
def command(
    results: Path,
    well: str,
    output: Path | None,
    plate: str | None,
    field: str | None,
    channels: str | None,
    site: int,
    tracks: bool,
    contacts: bool,
    outlines: bool,
    drawn: bool,
    whole: bool,
    fps: float | None,
    size: int,
) -> None:
    """Make a movie of WELL, virtual or imaged, from the results folder RESULTS.

    Imaged wells are shown by their kept images with the outlines that were found. Virtual wells are drawn: discs
    in the colours of their types, dead cells grey, a solute behind them where the recipe kept the medium
    (medium = true under [store]).

    \b
    Example: coculture movie results B04 -o b04.mp4
      coculture movie results B04 -o b04.gif --field cxcl12 --no-tracks
      coculture movie results B04 -o b04.gif --channels dna,gfp
    """
    from coculture.movie.make import make_movie
    from coculture.movie.wanted import Wanted

    named = tuple(name.strip() for name in channels.split(",") if name.strip()) if channels else ()
    wanted = Wanted(plate, site, field, named, tracks, contacts, outlines, drawn, whole, fps, size)
    done = make_movie(results, well, output or Path(f"{well}.mp4"), wanted, _progress)
    width, height = done.size
    what = f"{done.n_pictures} pictures at {done.fps:g} a second" if done.n_pictures > 1 else "one picture"
    for note in done.notes:
        click.echo(f"Note: {note}", err=True)
    click.echo(f"{done.file}: {what}, {width} × {height} pixels")


def _progress(frames: Iterator[Frame], count: int) -> Iterator[Frame]:
    """Show how many pictures are done; on a terminal only."""
    from tqdm import tqdm

    yield from tqdm(frames, total=count, unit="picture", file=sys.stderr, disable=None, dynamic_ncols=True)
