"""Captions in scripts that the usual font lacks: written in a font that has them, or told; no silent boxes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from kept_wells import write_virtual

from coculture.movie import fonts
from coculture.movie.caption import Caption
from coculture.movie.make import make_movie
from coculture.movie.wanted import Wanted

NAME = "丹参酮"
ABSENT = "\U0010fffd"
"""A character that no font has: the last of those that everybody may use privately."""

PICTURE = np.full((100, 420, 3), 255, np.uint8)


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Let every test look for fonts anew."""
    yield
    for cached in (fonts.other_font, fonts.fonts_here, fonts._characters, fonts._opened):
        cached.cache_clear()


@pytest.fixture
def with_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a machine whose one font has the name's characters: the usual font under another name that is said to have them."""
    other = fonts.usual_font().with_name("DejaVuSans-Bold.ttf")
    real = fonts._characters.__wrapped__

    def characters(path: Path) -> frozenset[int]:
        return real(path) | ({ord(letter) for letter in NAME} if path == other else set())

    monkeypatch.setattr(fonts, "_characters", characters)
    monkeypatch.setattr(fonts, "fonts_here", lambda: (fonts.usual_font(), other))
    fonts.other_font.cache_clear()
    yield other
    monkeypatch.undo()


@pytest.fixture
def without_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give a machine that has the usual font alone."""
    monkeypatch.setattr(fonts, "fonts_here", lambda: (fonts.usual_font(),))
    fonts.other_font.cache_clear()
    yield
    monkeypatch.undo()


def test_a_font_that_has_the_characters_is_taken_for_them_alone(with_font: Path) -> None:
    assert fonts.missing(f"P1 A01 · {NAME} 3 µM") == NAME
    assert fonts.font_for(f"P1 A01 · {NAME}").path == str(with_font)
    assert fonts.font_for("P1 A01 · drug 3 µM").path == str(fonts.usual_font())
    caption = Caption(f"P1 A01 · {NAME}", 1.0, ())
    assert caption.notes == ()
    plain = Caption("P1 A01 · drug", 1.0, ())
    assert caption.around(PICTURE, 0.0, []).shape == plain.around(PICTURE, 0.0, []).shape


def test_without_such_a_font_what_becomes_a_box_is_told_with_what_to_install(without_font: None) -> None:
    caption = Caption(f"P1 A01 · {NAME} 3 uM", 1.0, (("丹", (0, 0, 0)), ("tumour", (0, 0, 0))))
    (note,) = caption.notes
    assert note.startswith(f"no font of this machine has {NAME}: they are boxes in the movie")
    assert "apt install fonts-noto-cjk" in note
    assert Caption("P1 A01 · α-mangostin 3 µM", 1.0, ()).notes == ()


def test_the_note_comes_with_the_movie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_font: None) -> None:
    results = write_virtual(tmp_path)
    assert make_movie(results, "A01", tmp_path / "a.png", Wanted(longest=100, field="none")).notes == ()
    monkeypatch.setattr("coculture.movie.well._given", lambda *_: NAME)
    (note,) = make_movie(results, "A01", tmp_path / "a.png", Wanted(longest=100, field="none")).notes
    assert NAME in note


def test_this_machine_is_asked_for_its_fonts() -> None:
    assert fonts.unwritten("plain", ABSENT) == ABSENT
    here = fonts.other_font(NAME)
    assert here is None or {ord(letter) for letter in NAME} <= fonts._characters(here)


def test_a_file_that_is_no_font_has_no_characters(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    assert fonts._characters(tmp_path / "broken.ttf") == frozenset()
