"""``coculture verify``: is a results folder still what its run wrote?"""

from __future__ import annotations

from pathlib import Path

import click


@click.command("verify")
@click.argument("results", type=click.Path(path_type=Path))
@click.pass_context
def command(context: click.Context, results: Path) -> None:
    """Compare every byte of the results folder RESULTS with the checksums in its run.json.

    Tells every file that was changed, lost or added since the run, and what to do. Exits with 1 if there is one. It
    only reads; files that you laid beside the run's own are named and are no fault.

    \b
    Example: coculture verify results
    """
    from coculture.run.verify import verify_results

    found = verify_results(results)
    for number, difference in enumerate(found.differences, start=1):
        click.secho(f"{difference.kind} {number}: ", fg="red", nl=False, bold=True)
        click.echo(difference.problem)
    for name in found.not_of_the_run:
        click.echo(f"not of the run: {name}")
    if found.differences:
        count = len(found.differences)
        click.echo(f"{count} {'difference' if count == 1 else 'differences'}.")
        context.exit(1)
    click.echo(f"All {found.n_parts} files are as the run left them (the images of a well count as one).")
