"""``coculture new``: a commented recipe to start from."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("new")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--template", "-t", default="images", show_default=True, help="images, wells (a table made elsewhere) or demo.")
def command(file: Path, template: str) -> None:
    """Write a commented recipe to FILE.

    \b
    Example: coculture new screen.toml
    """
    from coculture.run.new import write_new_recipe

    write_new_recipe(file, template)
    click.echo(f"Wrote {file}. Edit it, then: coculture check {file}")
