"""``coculture chip``: draw, check, list."""

from __future__ import annotations

from pathlib import Path

from program_run import Run

from coculture.chip.geometry.library import design_names

CHIPS = Path(__file__).parents[1] / "chip"


def test_list_names_the_designs(coculture: Run) -> None:
    code, told, _ = coculture("chip", "list")
    assert code == 0
    assert [line.split()[0] for line in told.splitlines()] == list(design_names())


def test_list_tells_the_parameters_of_one(coculture: Run) -> None:
    code, told, _ = coculture("chip", "list", "lane3")
    assert code == 0
    assert "gel_width_um            1300 um: width of the gel lane" in told
    assert "(usual practice)" in told


def test_draw_writes_a_drawing(coculture: Run, tmp_path: Path) -> None:
    path = tmp_path / "gap.svg"
    code, told, _ = coculture("chip", "draw", "gap", "--set", "gap_um=300", "-o", path)
    assert (code, told) == (0, f"Wrote {path}: 1900 × 1440 µm\n")
    assert path.read_text().startswith("<?xml")


def test_draw_takes_a_placed_parchmint_device(coculture: Run, tmp_path: Path) -> None:
    path = tmp_path / "mixer.png"
    code, told, _ = coculture("chip", "draw", CHIPS / "parchmint_device.json", "-o", path)
    assert code == 0
    assert "note: 1 connections on control layers are left out" in told
    assert path.stat().st_size > 1000


def test_a_device_that_is_not_placed_is_not_drawn(coculture: Run, tmp_path: Path) -> None:
    path = tmp_path / "device.json"
    path.write_text((CHIPS / "parchmint_device.json").read_text().replace("REACTION CHAMBER", "DROPLET SORTER"))
    code, _, error = coculture("chip", "draw", path)
    assert code == 2
    assert "'chamber' is a DROPLET SORTER" in error
    assert "read_parchmint" in error


def test_check_sums_a_good_chip_up(coculture: Run) -> None:
    code, told, _ = coculture("chip", "check", "lane3", "--pitch-um", "20")
    assert code == 0
    assert "grid       550 × 115 cells of 20 µm" in told
    assert told.endswith("0 errors, 0 warnings. The chip can be made.\n")


def test_check_tells_what_is_wrong_and_leaves_with_1(coculture: Run) -> None:
    path = CHIPS / "broken" / "posts_too_close.toml"
    code, told, _ = coculture("chip", "check", path)
    assert code == 1
    assert f"error 1: {path}, line 23, post[1]: the gap between posts 'fence' is 20 µm wide" in told
    assert told.endswith("1 errors, 0 warnings.\n")
    assert coculture("chip", "check", path, "--cells-across", "2")[0] == 0


def test_check_of_a_file_that_cannot_be_read_is_a_check_that_failed(coculture: Run) -> None:
    code, told, error = coculture("chip", "check", CHIPS / "broken" / "unknown_key.toml")
    assert (code, error) == (1, "")
    assert "unknown key 'colour'" in told


def test_mistakes_on_the_command_line_are_told(coculture: Run, tmp_path: Path) -> None:
    code, _, error = coculture("chip", "draw", "lane4")
    assert code == 2
    assert "there is no design 'lane4'" in error
    code, _, error = coculture("chip", "draw", tmp_path / "none.toml")
    assert code == 2
    assert "there is no such design" in error
    code, _, error = coculture("chip", "draw", "lane3", "--set", "gel_width_um")
    assert code == 2
    assert "write name=value" in error
    code, _, error = coculture("chip", "draw", "lane3", "--set", "gel_widht_um=3")
    assert code == 2
    assert "did you mean 'gel_width_um'?" in error
    assert coculture("chip", "check", "lane3", "--pitch-um", "nan")[0] == 1
