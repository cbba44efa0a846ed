"""``coculture chip``: draw a chip, check it, list the designs that come with the program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from coculture.chip.geometry.chip import Chip

SET_HELP = "Another value for a parameter of the design; may be given again. 'chip list NAME' names them."


def _values(words: tuple[str, ...]) -> dict[str, float]:
    """Return the values of ``--set name=value``."""
    from coculture.errors import InputError, Problem

    values: dict[str, float] = {}
    problems = []
    for word in words:
        name, _, text = word.partition("=")
        try:
            values[name.strip()] = float(text)
        except ValueError:
            problems.append(Problem(f"found '{word}'", "--set", "write name=value, as in --set gel_width_um=1000"))
    if problems:
        raise InputError(problems)
    return values


def _chip(design: str, words: tuple[str, ...]) -> Chip:
    from coculture.chip.geometry.library import find_chip

    values = _values(words)
    return _device(Path(design), values) if design.endswith(".json") else find_chip(design, values)


def _device(path: Path, values: dict[str, float]) -> Chip:
    """Return the drawing of a ParchMint device; ``depth_um`` and ``width_um`` may be set for channels that do not say."""
    from coculture.chip.parchmint.reading import read_parchmint
    from coculture.errors import InputError

    if unknown := sorted(set(values) - {"depth_um", "width_um"}):
        raise InputError(f"a ParchMint device has no '{unknown[0]}'", "--set", "depth_um and width_um may be set")
    found = read_parchmint(path, depth_um=values.get("depth_um"), width_um=values.get("width_um"))
    for note in found.notes if found.chip else ():
        click.echo(f"note: {note}")
    if found.chip is None:
        reasons = [note.removeprefix("no drawing: ") for note in found.notes if note.startswith("no drawing: ")]
        remedy = "place every component and route every connection; for the network alone, read_parchmint gives it in Python"
        raise InputError(f"the device cannot be drawn: {'; '.join(reasons[:5])}", str(path), remedy)
    return found.chip


@click.group("chip")
def command() -> None:
    """Draw and check chips. DESIGN is a .toml file, the name of a design that comes with the program, or
    a placed ParchMint device (.json).

    \b
    Example: coculture chip draw lane3 --set gel_width_um=1000 -o lane3.svg
    """


@command.command("draw")
@click.argument("design")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="SVG or PNG file. [default: the design's name with .svg]")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help=SET_HELP)
def draw(design: str, out: Path | None, settings: tuple[str, ...]) -> None:
    """Draw DESIGN to scale: regions, posts, gels, ports, a scale bar."""
    from coculture.chip.drawing import draw_chip

    chip = _chip(design, settings)
    path = out if out is not None else Path(f"{chip.name}.svg")
    draw_chip(chip, path)
    click.echo(f"Wrote {path}: {chip.width_um:g} × {chip.height_um:g} µm")


@command.command("check")
@click.argument("design")
@click.option("--pitch-um", type=float, help="Width of a grid cell. [default: the design's own]")
@click.option(
    "--cells-across", type=click.IntRange(min=1), default=3, show_default=True, help="Cells the narrowest passage needs."
)
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help=SET_HELP)
@click.pass_context
def check(context: click.Context, design: str, pitch_um: float | None, cells_across: int, settings: tuple[str, ...]) -> None:
    """Find everything that makes DESIGN impossible, and say what it is in numbers.

    Exits with 1 if there are errors.
    """
    from coculture.chip.geometry.check.whole import ChipReport, check_chip
    from coculture.errors import InputError

    try:
        report = check_chip(_chip(design, settings), pitch_um, cells_across)
    except InputError as error:
        report = ChipReport(error.problems)
    for line in report.summary.lines() if report.summary else ():
        click.echo(line)
    graded = [("error", problem) for problem in report.errors] + [("warning", problem) for problem in report.warnings]
    for number, (grade, problem) in enumerate(graded, start=1):
        click.secho(f"{grade} {number}: ", fg="red" if grade == "error" else "yellow", nl=False, bold=True)
        click.echo(problem)
    click.echo(
        f"{len(report.errors)} errors, {len(report.warnings)} warnings." + ("" if report.errors else " The chip can be made.")
    )
    if report.errors:
        context.exit(1)


@command.command("list")
@click.argument("name", required=False)
def list_designs(name: str | None) -> None:
    """Name the designs that come with the program; with NAME, the parameters of that one."""
    from coculture.chip.geometry.library import design_names, load_design

    if name is None:
        for design in design_names():
            click.echo(f"{design:<12}{load_design(design).title}")
        return
    chip = load_design(name)
    click.echo(f"{chip.name}: {chip.title}\nsource: {chip.source}")
    for parameter in chip.parameters.values():
        unit = "" if parameter.unit in ("count", "fraction") else f" {parameter.unit}"
        click.echo(f"  {parameter.name:<24}{parameter.default:g}{unit}: {parameter.meaning} ({parameter.source})")
