"""``coculture power``: how likely a screen is to find an effect, before it is done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import click

One = TypeVar("One")


class Numbers(click.ParamType):  # type: ignore[type-arg]
    """Numbers with commas between."""

    name = "numbers"

    def __init__(self, kind: type[int] | type[float]) -> None:
        self._kind = kind

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...] | tuple[float, ...]:
        """Return the numbers, in order and each once."""
        if isinstance(value, tuple):
            return value
        try:
            return tuple(sorted({self._kind(word) for word in str(value).split(",")}))
        except ValueError:
            what = "whole numbers" if self._kind is int else "numbers"
            self.fail(f"'{value}' is no list of {what}; write them with commas between, such as 2,3,4", param, ctx)


@click.command("power")
@click.argument("recipe", type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="Folder for tables and report. [default: power beside the recipe]"
)
@click.option("--effect", default="", help="The effect to be found; see below. [default: that of the positive controls]")
@click.option(
    "--sizes",
    type=Numbers(float),
    default=(),
    help="Sizes of the effect, as multiples. [default: 0.25,0.5,1; of doses 0.1,0.3,1]",
)
@click.option("--replicates", type=Numbers(int), default=(), help="Wells of a treatment. [default: 2,3,4,6 and the recipe's]")
@click.option(
    "--densities", type=Numbers(float), default=(0.5, 1.0, 2.0), help="Cells, as multiples of the recipe's. [default: 0.5,1,2]"
)
@click.option(
    "--wells", default=12, show_default=True, help="Pilot wells with the effect at each density and size; twice as many without."
)
@click.option("--screens", default=100, show_default=True, help="Whole screens drawn from them, of each kind.")
@click.option(
    "--results", type=click.Path(path_type=Path), help="Results folder of measured wells. [default: results beside the recipe]"
)
@click.option("--workers", type=click.IntRange(min=1), help="Processes. [default: one per processor]")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary; errors are still told.")
def command(
    recipe: Path,
    out: Path | None,
    effect: str,
    sizes: tuple[float, ...],
    replicates: tuple[int, ...],
    densities: tuple[float, ...],
    wells: int,
    screens: int,
    results: Path | None,
    workers: int | None,
    quiet: bool,
) -> None:
    """Tell how likely the screen of RECIPE is to find an effect: power against replicates, cells a well and effect size.

    Of a virtual recipe, pilot wells are simulated without the effect and with it. Of images or a table of wells, the
    negative controls of a results folder are taken as they are and shifted. Whole screens are then drawn from them,
    analysed as the recipe asks, and what is called is counted; so are false calls where nothing has an effect.

    \b
    An effect is written as
      "AMD3100 1 uM"                                      a treatment (virtual recipes)
      "effector: migration_speed_um_per_min x 0.5"        a behaviour times a factor (virtual recipes)
      "mixing -0.8"                                       the shift of a read-out (measured wells)

    \b
    Example: coculture power screen.toml --effect "AMD3100 1 uM" --replicates 2,3,4
    """
    from coculture.run.executors.threads_of_libraries import one_thread_each

    one_thread_each()
    from coculture.cli.power_summary import power_summary
    from coculture.report.power.page import write_power_page
    from coculture.run.executors.this_machine import local_executor
    from coculture.run.power.files import write_study
    from coculture.run.power.question import PowerQuestion
    from coculture.run.power.shown import in_silence
    from coculture.run.power.study import power_study

    asked = PowerQuestion(effect, sizes, replicates, densities, wells, screens, results)
    executor = local_executor(workers, "coculture.run.power.study")
    study = power_study(recipe, asked, executor, in_silence if quiet else _bar)
    folder = out or recipe.parent / "power"
    write_study(study, folder)
    page = write_power_page(folder)
    if not quiet:
        click.echo(power_summary(study))
        click.echo(f"Report:  {page}")


def _bar(arriving: Iterator[One], total: int, what: str) -> Iterator[One]:
    """Show on a terminal how many are done, how fast, and how long it still takes."""
    from tqdm import tqdm

    shown = "{percentage:3.0f}% |{bar}| {n_fmt} of {total_fmt} {unit}, {rate_fmt}, {elapsed} gone, {remaining} left"
    yield from tqdm(arriving, total=total, unit=what, file=sys.stderr, disable=None, dynamic_ncols=True, bar_format=shown)
