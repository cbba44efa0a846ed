"""Movies as files, and what is said where none can be made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from kept_wells import write_all, write_imaged, write_virtual
from PIL import Image

from coculture.errors import DataError, FileError, InputError, MissingExtraError
from coculture.movie.encoders.mp4 import Mp4
from coculture.movie.make import make_movie
from coculture.movie.wanted import Wanted

SMALL = Wanted(longest=120)


def decoded(file: Path) -> bytes:
    """Return every pixel of a movie."""
    command = [get_ffmpeg_exe(), "-loglevel", "error", "-i", str(file), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_an_mp4_holds_a_picture_a_time_point(tmp_path: Path) -> None:
    done = make_movie(write_all(tmp_path / "results"), "A01", tmp_path / "a.mp4", Wanted(longest=121, fps=5))
    assert (done.n_pictures, done.fps) == (3, 5)
    raw = decoded(done.file)
    width, height = (side - side % 2 for side in done.size)
    assert len(raw) == 3 * width * height * 3
    pictures = np.frombuffer(raw, np.uint8).reshape(3, height, width, 3)
    assert np.abs(np.diff(pictures.astype(int), axis=0)).max() > 50


def test_ffmpeg_giving_up_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"ffmpeg could not write the movie(.|\n)*write a \.gif"):
        Mp4().write(tmp_path / "nowhere" / "a.mp4", iter([np.zeros((64, 64, 3), np.uint8)] * 3), 2.0)


def test_a_gif_holds_a_picture_a_time_point_and_the_same_bytes_twice(tmp_path: Path) -> None:
    results = write_imaged(tmp_path / "results")
    done = make_movie(results, "a1", tmp_path / "a.gif", SMALL)
    with Image.open(done.file) as image:
        assert (image.n_frames, image.size) == (3, done.size)  # type: ignore[attr-defined]
        assert image.info["duration"] == 500  # two a second, the slowest
    make_movie(results, "A01", tmp_path / "b.gif", SMALL)
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()


def test_a_png_is_the_last_time_point(tmp_path: Path) -> None:
    done = make_movie(write_virtual(tmp_path / "results", times=(60.0,)), "A01", tmp_path / "a.png", SMALL)
    with Image.open(done.file) as image:
        assert image.size == done.size
    assert done.n_pictures == 1


def test_one_time_point_makes_no_movie(tmp_path: Path) -> None:
    results = write_virtual(tmp_path / "results", times=(60.0,))
    with pytest.raises(DataError, match=r"one time point, which makes no movie(.|\n)*name a \.png"):
        make_movie(results, "A01", tmp_path / "a.gif", SMALL)
    assert not (tmp_path / "a.gif").exists()


def test_an_unknown_well_plate_or_site_names_those_there_are(tmp_path: Path) -> None:
    results = write_virtual(tmp_path / "results")
    with pytest.raises(InputError, match=r"no well 'B07' with cells(.|\n)*there is A01"):
        make_movie(results, "B07", tmp_path / "a.gif", SMALL)
    with pytest.raises(InputError, match=r"no plate 'P2'(.|\n)*it has P1"):
        make_movie(results, "A01", tmp_path / "a.gif", Wanted(plate="P2"))
    with pytest.raises(InputError, match=r"no site 3(.|\n)*it has 1"):
        make_movie(results, "A01", tmp_path / "a.gif", Wanted(site=3))


def test_of_two_plates_one_must_be_named(tmp_path: Path) -> None:
    results = write_virtual(write_virtual(tmp_path / "results"), plate="P2")
    with pytest.raises(InputError, match=r"several plates have a well A01: P1, P2(.|\n)*--plate 'P1'"):
        make_movie(results, "A01", tmp_path / "a.png", SMALL)
    assert make_movie(results, "A01", tmp_path / "a.png", Wanted(plate="P2", longest=120)).n_pictures == 1


def test_a_folder_without_cells_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such results folder"):
        make_movie(tmp_path / "nowhere", "A01", tmp_path / "a.gif")
    with pytest.raises(FileError, match="holds no cells to show"):
        make_movie(tmp_path, "A01", tmp_path / "a.gif")


def test_channels_of_a_drawn_well_and_strange_endings_are_refused(tmp_path: Path) -> None:
    results = write_virtual(tmp_path / "results")
    with pytest.raises(InputError, match="no images of this well were kept"):
        make_movie(results, "A01", tmp_path / "a.gif", Wanted(channels=("dna",)))
    with pytest.raises(InputError, match=r"cannot be written as '\.avi'(.|\n)*\.mp4, \.gif or \.png"):
        make_movie(results, "A01", tmp_path / "a.avi")


def test_without_its_library_an_mp4_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(MissingExtraError, match=r"imageio-ffmpeg(.|\n)*coculture\[movie\](.|\n)*or write a \.gif"):
        make_movie(write_virtual(tmp_path / "results"), "A01", tmp_path / "a.mp4")
