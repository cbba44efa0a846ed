"""``coculture export``: the cells of a results folder for other programs."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("export")
@click.argument("results", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "format", type=click.Choice(["csv", "parquet", "cytotable", "anndata"]), help="[default: by FILE's ending]")
@click.option(
    "--names",
    type=click.Choice(["coculture", "cellprofiler"]),
    default="coculture",
    show_default=True,
    help="Names of the columns; CellProfiler's come in its units, pixels.",
)
@click.option(
    "--pixel-size-um", type=click.FloatRange(min=0, min_open=True), help="Width of a pixel. [default: as the run noted]"
)
def command(results: Path, file: Path, format: str | None, names: str, pixel_size_um: float | None) -> None:
    """Write every cell of the results folder RESULTS to FILE, with what its well was given.

    \b
    Example: coculture export results cells.csv
      coculture export results profiles.parquet --to cytotable       for pycytominer
      coculture export results cells.parquet --names cellprofiler
      coculture export results cells.h5ad                            for scanpy (extra 'anndata')
    """
    from coculture.run.export import export_cells, format_of

    wanted = format_of(file) if format is None else format
    done = export_cells(results, file, wanted, names=names, pixel_size_um=pixel_size_um)  # type: ignore[arg-type]
    click.echo(f"{done.file}: {done.n_cells} cells, {done.n_columns} columns")
