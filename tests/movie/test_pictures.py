"""What is on a picture: the right colours in the right places."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from kept_wells import medium, write_all, write_imaged, write_virtual

from coculture.errors import FileError, InputError
from coculture.movie.caption import _nice
from coculture.movie.colours import CONTACT, DEAD, PAPER, TYPES, WALL, medium_colours
from coculture.movie.encoders.base import Frame
from coculture.movie.make import painter_of
from coculture.movie.painter import Painter
from coculture.movie.wanted import Wanted
from coculture.movie.well import read_well

TUMOUR, T_CELL = TYPES[1], TYPES[0]


def painter(results: Path, **wanted: object) -> Painter:
    asked = Wanted(**{"longest": 400, **wanted})  # type: ignore[arg-type]
    return painter_of(read_well(results, "A01", asked), asked)


def at(frame: Frame, x_um: float, y_um: float) -> tuple[int, int, int]:
    """Return the colour at a place, two pixels a µm."""
    red, green, blue = (int(part) for part in frame[int(2 * y_um), int(2 * x_um)])
    return red, green, blue


def test_discs_stand_where_the_cells_are_in_the_colours_of_their_types(tmp_path: Path) -> None:
    paint = painter(write_virtual(tmp_path))
    assert paint.times_min == (0.0, 30.0, 60.0)
    first, later = paint.picture(0), paint.picture(1)
    assert first.shape == (400, 400, 3)
    assert (at(first, 40, 40), at(first, 160, 40), at(first, 160, 160)) == (TUMOUR, T_CELL, DEAD)
    assert (at(first, 60, 160), at(later, 60, 160)) == (TUMOUR, DEAD)
    assert (at(later, 160 - 1.75 * 30, 40), at(first, 100, 100)) == (T_CELL, PAPER)


def test_the_area_of_a_disc_is_that_of_the_cell(tmp_path: Path) -> None:
    frame = painter(write_virtual(tmp_path), contacts=False, tracks=False).picture(0)
    share = 1 - frame[40:120, 40:120, 0] / 255  # neither the disc nor its rim has any red
    assert share.sum() == pytest.approx(np.pi * 16**2, rel=0.03)


def test_counts_are_of_the_living_and_the_dead(tmp_path: Path) -> None:
    paint = painter(write_virtual(tmp_path))
    assert [name for name, _ in paint.caption.key] == ["t_cell", "tumour", "dead"]
    assert (paint.counts(0), paint.counts(1)) == ([1, 2, 1], [1, 1, 2])
    assert paint.caption.title == "P1 A01 · drug 3 uM"


def test_a_track_runs_behind_a_cell_and_a_contact_between_two(tmp_path: Path) -> None:
    folder = write_virtual(tmp_path)
    last = painter(folder).picture(2)
    red, _, blue = at(last, 120, 40)  # a thin line, half of which falls on this pixel
    assert red > blue + 50
    assert at(last, 47, 40) == CONTACT
    bare = painter(folder, tracks=False, contacts=False).picture(2)
    assert at(bare, 120, 40) == PAPER
    assert at(bare, 45, 40) in (TUMOUR, T_CELL)


def test_the_medium_is_bluer_where_and_when_there_is_more(tmp_path: Path) -> None:
    paint = painter(write_all(tmp_path))
    solute = paint.caption.solute
    assert solute is not None
    assert solute.name == "ligand"
    assert solute.most_um == pytest.approx(1.0)
    first, last = paint.picture(0), paint.picture(2)
    assert at(first, 195, 100) == PAPER
    assert at(last, 199, 100) == tuple(medium_colours()[255])
    reds = [at(last, x, 100)[0] for x in (20, 80, 120, 180)]
    assert reds == sorted(reds, reverse=True)
    assert len(set(reds)) == 4


def test_walls_are_dark_and_only_the_part_with_cells_is_shown(tmp_path: Path) -> None:
    folder = write_all(tmp_path, medium(walls=True))
    whole = painter(folder, whole=True).picture(0)
    assert at(whole, 190, 100) == WALL
    assert at(whole, 170, 100) == PAPER
    part = painter(folder, longest=360).picture(0)
    assert part.shape == (360, 360, 3)  # 200 µm of room less 0; cells from 40 to 160, 60 µm around them
    assert part.shape[1] == 360


def test_no_field_is_shown_where_none_is_wanted(tmp_path: Path) -> None:
    paint = painter(write_all(tmp_path), field="none")
    assert paint.caption.solute is None
    assert at(paint.picture(2), 195, 100) == PAPER


def test_a_field_that_was_not_kept_tells_how_to_keep_it(tmp_path: Path) -> None:
    folder = write_virtual(tmp_path)
    paint = painter(folder)
    assert paint.notes == (
        "no ligand field: this run did not keep the medium; to see it, put medium = true under [store] in the recipe and run it "
        "again (coculture run --fresh)",
    )
    with pytest.raises(FileError, match=r"the field of 'ligand' was not kept(.|\n)*medium = true under \[store\]"):
        _ = painter(folder, field="ligand").caption


def test_a_solute_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    folder = write_all(tmp_path, medium(("ligand", "oxygen")))
    assert painter(folder, field="oxygen").caption.solute.name == "oxygen"  # type: ignore[union-attr]
    with pytest.raises(InputError, match=r"no solute 'ligands'(.|\n)*did you mean 'ligand'\? there is: ligand, oxygen"):
        _ = painter(folder, field="ligands").caption


def test_channels_are_light_and_outlines_have_the_colours_of_types(tmp_path: Path) -> None:
    paint = painter(write_imaged(tmp_path), longest=200, tracks=False, contacts=False)
    frame = paint.picture(0)
    assert frame.shape == (200, 200, 3)
    inside, stripe, dark = frame[40, 40], frame[190, 100], frame[100, 100]
    assert inside[2] == 255
    assert stripe[1] > 200 > stripe[2]
    assert tuple(dark) == (0, 0, 0)
    rim = frame[40, 47]
    assert tuple(rim) == TUMOUR
    assert [name for name, _ in paint.caption.key] == ["t_cell", "tumour", "dead", "dna", "gfp"]
    assert paint.counts(0) == [1, 2, 1, None, None]


def test_one_channel_is_white_and_an_unknown_one_is_told(tmp_path: Path) -> None:
    folder = write_imaged(tmp_path)
    frame = painter(folder, longest=200, channels=("gfp",), outlines=False, tracks=False, contacts=False).picture(0)
    assert tuple(frame[190, 100]) == (255, 255, 255)
    with pytest.raises(InputError, match=r"no channel 'gpf'(.|\n)*did you mean 'gfp'\? there is: dna, gfp"):
        _ = painter(folder, channels=("gpf",)).caption


def test_an_imaged_well_can_be_drawn_instead(tmp_path: Path) -> None:
    frame = painter(write_imaged(tmp_path), drawn=True, whole=True).picture(0)
    assert tuple(frame[0, 0]) == PAPER


def test_a_scale_bar_is_a_round_length() -> None:
    assert [_nice(um) for um in (130.0, 49.0, 20.0, 7.3)] == [100.0, 20.0, 20.0, 5.0]
