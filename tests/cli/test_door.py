"""The door: quick to open, polite when something is wrong, and documented."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from program_run import Run

from coculture import __version__
from coculture.cli.app import COMMANDS

HEAVY = ("numpy", "pandas", "numba", "scipy", "skimage", "matplotlib", "pyarrow", "duckdb", "zarr", "pydantic", "tqdm")


@pytest.mark.parametrize("words", [[], ["--help"], ["run", "--help"], ["columns"], ["new", "FILE"]])
def test_nothing_heavy_is_imported_before_it_is_needed(tmp_path: Path, words: list[str]) -> None:
    words = [str(tmp_path / "screen.toml") if word == "FILE" else word for word in words]
    script = f"""
import sys
import coculture.cli
try:
    coculture.cli.main({words!r}) if {words!r} else None
except SystemExit as left:
    assert not left.code, left.code
found = [name for name in {HEAVY!r} if name in sys.modules]
assert not found, found
"""
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)


def test_help_lists_every_command_once(coculture: Run) -> None:
    code, told, _ = coculture("--help")
    assert code == 0
    for name, line in COMMANDS.items():
        assert f"  {name} " in told
        assert line in told
    assert "Exit codes" in told
    assert max(map(len, told.splitlines())) <= 100


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(coculture: Run, name: str) -> None:
    code, told, _ = coculture(name, "--help")
    assert code == 0
    assert f"Example: coculture {name} " in told + " "


def test_version(coculture: Run) -> None:
    assert coculture("--version")[:2] == (0, f"coculture {__version__}\n")


def test_a_mistyped_command_is_met_with_the_nearest(coculture: Run) -> None:
    code, _, error = coculture("rnu")
    assert code == 2
    assert "No such command 'rnu'. Did you mean 'run'?" in error


def test_a_mistake_is_told_without_a_traceback(coculture: Run, tmp_path: Path) -> None:
    recipe = tmp_path / "none.toml"
    code, out, error = coculture("run", recipe)
    assert (code, out) == (2, "")
    assert error == f"Error: {recipe}: there is no such recipe\n  → 'coculture new screen.toml' writes one to start from\n"


def test_debug_shows_where_it_happened(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from coculture.cli import main; main()", "--debug", "new", str(tmp_path), "-t", "x"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert "Traceback" in finished.stderr


def test_a_polite_end_is_a_stop() -> None:
    script = """
import os, signal
import coculture.cli.new
from coculture.cli import main
coculture.cli.new.command.callback = lambda **named: os.kill(os.getpid(), signal.SIGTERM)
main(["new", "file"])
"""
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr.strip()) == (130, "")


def test_several_problems_are_numbered(coculture: Run, tmp_path: Path) -> None:
    recipe = tmp_path / "screen.toml"
    recipe.write_text("[screen]\nname = 3\n[source]\nkind = 'image'\n")
    code, _, error = coculture("run", recipe)
    assert code == 2
    assert error.startswith("3 problems:\n1. ")
    assert "\n3. " in error
