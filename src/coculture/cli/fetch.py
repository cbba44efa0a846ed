"""``coculture fetch``: the wells' files of a run with a store, brought into the results folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

KINDS = ("cells", "contacts", "courses", "doses", "medium", "images", "rendered")


@click.command("fetch")
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--plate", "plates", multiple=True, help="Only the wells of this plate; may be given several times.")
@click.option("--only", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these files; may be given several times.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
def command(results: Path, plates: tuple[str, ...], kinds: tuple[str, ...], quiet: bool) -> None:
    """Bring the wells' files of the results folder RESULTS back from the store of its run.

    Every file is compared with the checksum its worker took. What is here already stays: give the same command again to go
    on with a fetch that was stopped.

    \b
    Example: coculture fetch results --only cells
      coculture fetch results --plate P1 --only cells --only images
    """
    from coculture.run.stored.fetch import fetch_wells

    done = fetch_wells(results, plates, kinds, None if quiet else _progress)
    before = f", {done.n_before} were here before" if done.n_before else ""
    click.echo(f"{done.n_fetched} fetched from {done.url}{before} (the images of a well count as one).")


def _progress(names: Iterator[str], count: int) -> Iterator[str]:
    """Show how much has come; on a terminal only."""
    from tqdm import tqdm

    yield from tqdm(names, total=count, unit="file", file=sys.stderr, disable=None, dynamic_ncols=True)
