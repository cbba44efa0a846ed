"""``coculture columns``: what every declared column means."""

from __future__ import annotations

import click


@click.command("columns")
@click.argument("table", required=False)
def command(table: str | None) -> None:
    """Print the columns of TABLE, or of every table, with unit and meaning.

    \b
    Example: coculture columns cells
    """
    from coculture.errors import InputError
    from coculture.plate import columns

    tables = {
        "cells": columns.CELL_COLUMNS,
        "contacts": columns.CONTACT_COLUMNS,
        "fields": columns.FIELD_COLUMNS,
        "wells": columns.WELL_COLUMNS,
    }
    if table is not None and table not in tables:
        raise InputError(f"there is no table '{table}'", remedy="use one of: " + ", ".join(tables))
    for name in [table] if table else tables:
        click.secho(name, bold=True)
        width = max(len(column.name) for column in tables[name])
        for column in tables[name]:
            unit = f"[{column.unit}] " if column.unit else ""
            click.echo(f"  {column.name:<{width}}  {unit}{column.meaning}")
        click.echo()
    click.echo("Feature columns are named <object>_<family>_<what>[_<channel>], as in nucleus_shape_area_um2.")
