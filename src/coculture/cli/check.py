"""``coculture check``: what is wrong, before hours are spent."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("check")
@click.argument("recipe", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Results folder. [default: results beside the recipe]")
@click.option("--images", type=click.Path(path_type=Path), help="Folder of images instead of the recipe's.")
@click.option("--every-file", is_flag=True, help="Read every image's header, however many there are.")
@click.pass_context
def command(context: click.Context, recipe: Path, out: Path | None, images: Path | None, every_file: bool) -> None:
    """Find everything that can be wrong with RECIPE, its plate map, its images and its results folder.

    Exits with 1 if there are errors; warnings alone do not keep a run from starting.

    \b
    Example: coculture check screen.toml
    """
    from coculture.errors import CocultureError
    from coculture.run.check.finding import Finding
    from coculture.run.check.whole import check_recipe

    try:
        report = check_recipe(recipe, out, images=images, every_file=every_file)
        findings, facts = report.findings, report.facts
    except CocultureError as error:
        findings, facts = [Finding("error", problem) for problem in error.problems], ()
    for fact in facts:
        click.echo(fact)
    for number, finding in enumerate(sorted(findings, key=lambda one: one.grade), start=1):
        click.secho(f"{finding.grade} {number}: ", fg="red" if finding.grade == "error" else "yellow", nl=False, bold=True)
        click.echo(finding.problem)
    errors = sum(finding.grade == "error" for finding in findings)
    click.echo(f"{errors} errors, {len(findings) - errors} warnings." + ("" if errors else " Ready to run."))
    if errors:
        context.exit(1)
