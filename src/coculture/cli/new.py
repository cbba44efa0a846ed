"""``coculture new``: a commented recipe or design to start from."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("new")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--template",
    "-t",
    default="images",
    show_default=True,
    help="images, time-series, wells (a table made elsewhere), combination, mixture, demo, or design.",
)
def command(file: Path, template: str) -> None:
    """Write a commented recipe (or design of plates) to FILE.

    \b
    Example: coculture new screen.toml
    """
    from coculture.run.new import write_new

    write_new(file, template)
    following = "design" if template == "design" else "check"
    click.echo(f"Wrote {file}. Edit it, then: coculture {following} {file}")
