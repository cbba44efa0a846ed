"""``coculture movie``: what it writes and what it says."""

from __future__ import annotations

import sys
from pathlib import Path

from program_run import Run

sys.path.append(str(Path(__file__).parents[1] / "movie"))

from kept_wells import write_imaged, write_virtual


def test_it_writes_a_movie_and_tells_its_size(coculture: Run, tmp_path: Path) -> None:
    results, file = write_virtual(tmp_path / "results"), tmp_path / "a.gif"
    code, told, noted = coculture("movie", results, "A01", "-o", file, "--size", "120", "--fps", "4")
    assert code == 0
    assert told.startswith(f"{file}: 3 pictures at 4 a second, ")
    assert "Note: no ligand field" in noted
    assert file.read_bytes()[:4] == b"GIF8"


def test_channels_are_named_by_comma(coculture: Run, tmp_path: Path) -> None:
    results = write_imaged(tmp_path / "results")
    code, told, _ = coculture("movie", results, "A01", "-o", tmp_path / "a.png", "--channels", "dna, gfp", "--no-tracks")
    assert (code, "one picture" in told) == (0, True)
    code, _, wrong = coculture("movie", results, "A01", "-o", tmp_path / "a.png", "--channels", "red")
    assert code == 2
    assert "there is no channel 'red'" in wrong
    assert "Traceback" not in wrong
