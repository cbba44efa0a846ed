"""``coculture report``: the report of a results folder, written again."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report")
@click.argument("results", type=click.Path(path_type=Path))
def command(results: Path) -> None:
    """Write report.html of the results folder RESULTS again, from its tables alone.

    \b
    Example: coculture report results
    """
    from coculture.report.pages import write_report

    click.echo(f"Report: {write_report(results)}")
