"""The program ``coculture``: its commands, and what a person sees when something goes wrong."""

from __future__ import annotations

import importlib
import signal
import sys
from typing import Any, NoReturn

import click

from coculture import __version__
from coculture.errors import CocultureError

EXIT_USER_ERROR = 2
EXIT_WELLS_FAILED = 3
EXIT_INTERRUPTED = 130

COMMANDS: dict[str, str] = {
    "new": "Write a commented recipe to start from.",
    "design": "Lay treatments out on plates: randomised, with controls.",
    "check": "Find what is wrong before hours are spent.",
    "power": "How likely the screen is to find an effect, before it is done.",
    "run": "Images in, ranked hits out. Goes on where it was stopped.",
    "fetch": "Bring the wells' files of a run back from its object store.",
    "analyse": "Hits and curves from a table of wells made elsewhere.",
    "verify": "Find any byte of a results folder that changed since its run.",
    "report": "Write report.html of a results folder again.",
    "movie": "A well over time as MP4 or GIF, with tracks, contacts, ligand.",
    "serve": "Look at results in a browser: plates, wells, cells, hits.",
    "export": "The cells for other programs: CSV, Parquet, CytoTable, AnnData.",
    "chip": "Draw a chip to scale; find what makes it impossible.",
    "compounds": "Compounds, herbs, formulas: what is known, from where.",
    "columns": "Say what every column of every table means.",
}
"""The commands in the order of use, each with the line that ``--help`` shows. Each lives in the module of its name."""

EPILOG = """\b
A first screen:
  coculture new screen.toml              write a recipe, then edit it
  coculture check screen.toml            see what is missing
  coculture run screen.toml              results/, with report.html in it
  coculture run screen.toml              again: goes on where it was stopped

\b
Exit codes: 0 all well, 1 check or verify found faults, 2 something to mend (told on
stderr), 3 some wells failed and the rest is done, 130 stopped with Ctrl-C."""


class Stopped(click.ClickException):
    """The user stopped the program; the message says how to go on."""

    exit_code = EXIT_INTERRUPTED

    def show(self, file: Any = None) -> None:
        """Write the message alone."""
        click.echo(self.message, err=True)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command called ``name``."""
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"coculture.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which ones are near."""
        import difflib

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"No such command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", message="coculture %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def application(context: click.Context, debug: bool) -> None:
    """Screen drugs for what they do between cells: plates of images in, ranked hits out."""
    context.obj = {"debug": debug}


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the program and leave with its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    signal.signal(signal.SIGTERM, _as_interrupt)
    sys.exit(_exit_code(arguments))


def _as_interrupt(number: int, frame: Any) -> NoReturn:
    """Treat a polite end (a batch system's) as Ctrl-C, so that it stops as cleanly."""
    raise KeyboardInterrupt


def _exit_code(arguments: list[str]) -> int:
    debug = "--debug" in arguments
    try:
        words = [word for word in arguments if word != "--debug"]
        code = application.main(args=words, prog_name="coculture", standalone_mode=False)
        return int(code or 0)
    except click.exceptions.Abort:
        return EXIT_INTERRUPTED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CocultureError as error:
        if debug:
            raise
        click.echo(message_of(error), err=True)
        return EXIT_USER_ERROR


def message_of(error: CocultureError) -> str:
    """Return what a person reads of an error: every problem, numbered where there are several."""
    if len(error.problems) == 1:
        return f"Error: {error.problems[0]}"
    lines = [f"{len(error.problems)} problems:"]
    lines += [f"{number}. {problem}" for number, problem in enumerate(error.problems, start=1)]
    return "\n".join(lines)
