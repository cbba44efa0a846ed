"""``coculture report``: the report of a results folder, written again."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report")
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--language",
    type=click.Choice(["en", "zh-Hant"]),
    help="Language of the report: English or Traditional Chinese. Without it that of the recipe.",
)
def command(results: Path, language: str | None) -> None:
    """Write report.html of the results folder RESULTS again, from its tables alone.

    \b
    Example: coculture report results --language zh-Hant
    """
    from coculture.report.pages import write_report

    click.echo(f"Report: {write_report(results, language)}")
