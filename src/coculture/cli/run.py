"""``coculture run``: a recipe becomes a results folder with a report."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("run")
@click.argument("recipe", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Results folder. [default: results beside the recipe]")
@click.option("--images", type=click.Path(path_type=Path), help="Folder of images instead of the recipe's.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes. [default: one per processor]")
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="Do the wells on the workers of this Dask scheduler.")
@click.option("--store", metavar="s3://BUCKET/NAME", help="Keep the wells' files in this object store. [default: in OUT]")
@click.option("--fresh", is_flag=True, help="Remove what an earlier run left in the results folder and start over.")
@click.option("--no-report", is_flag=True, help="Do not write report.html.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary; errors are still told.")
@click.pass_context
def command(
    context: click.Context,
    recipe: Path,
    out: Path | None,
    images: Path | None,
    workers: int | None,
    scheduler: str | None,
    store: str | None,
    fresh: bool,
    no_report: bool,
    quiet: bool,
) -> None:
    """Run RECIPE, or go on with its run where it was stopped.

    Ctrl-C or a crash loses at most the wells in work: give the same command again and the run goes on, with the same
    results as if it had never stopped. Exits with 3 if some wells failed; the rest is done.

    \b
    Example: coculture run screen.toml --workers 4
    """
    if workers is not None and scheduler is not None:
        raise click.UsageError("--workers and --scheduler exclude each other: a cluster has the workers that were started for it")
    from coculture.run.executors.threads_of_libraries import one_thread_each

    one_thread_each()
    from coculture.cli.app import Stopped
    from coculture.cli.progress_bar import progress_bar
    from coculture.cli.summary import failures_told, how_to_go_on, summary
    from coculture.run.pipeline import run_screen

    shown = None if quiet else progress_bar
    try:
        outcome = run_screen(
            recipe, out, images=images, workers=workers, scheduler=scheduler, store=store, fresh=fresh, progress=shown
        )
    except KeyboardInterrupt:
        raise Stopped(how_to_go_on(recipe, out, images, scheduler, store)) from None
    report = None if no_report else _report(outcome.results)
    if not quiet:
        click.echo(summary(outcome, report))
    if outcome.failed:
        if quiet:
            click.echo(failures_told(outcome), err=True)
        context.exit(3)


def _report(results: Path) -> Path:
    from coculture.report.pages import write_report

    return write_report(results)
