"""``coculture analyse``: hits and curves from a table of wells made elsewhere."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("analyse")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--recipe", "-r", required=True, type=click.Path(path_type=Path), help="Recipe whose source is of wells.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Results folder. [default: results beside the recipe]")
@click.option("--no-report", is_flag=True, help="Do not write report.html.")
@click.option("-q", "--quiet", is_flag=True, help="No summary; errors are still told.")
def command(table: Path, recipe: Path, out: Path | None, no_report: bool, quiet: bool) -> None:
    """Judge the wells of TABLE (CSV, TSV, XLSX or Parquet; one row a well) as RECIPE says.

    \b
    Example: coculture analyse viability.tsv --recipe screen.toml -o results
    """
    from coculture.run.executors.threads_of_libraries import one_thread_each

    one_thread_each()
    from coculture.cli.summary import summary
    from coculture.run.pipeline import analyse_wells

    outcome = analyse_wells(table, recipe, out)
    report = None
    if not no_report:
        from coculture.report.pages import write_report

        report = write_report(outcome.results)
    if not quiet:
        click.echo(summary(outcome, report))
