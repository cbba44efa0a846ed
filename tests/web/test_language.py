"""No string is missing in any language, and a reader gets the language asked for."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from string import Formatter

import pytest
from tests.report.left_in_english import left_in_english, names_in
from tests.web.pictured_screen import add_pictures

from coculture.report.reading import read_results
from coculture.web.language import LANGUAGES, Words, catalogue, wanted_language
from coculture.web.rendering import TEMPLATES

OTHERS = [tag for tag in LANGUAGES if tag != "en"]
COMPOSED = re.compile(r'\bt\("([a-z_]+\.(?:[a-z_]+_)?)"\s*~')
SCREEN = "/screens/made-screen"
PAGES = (
    *("/", f"{SCREEN}/plate", f"{SCREEN}/plate/P1/well/A01", f"{SCREEN}/plate/P1/well/A02", f"{SCREEN}/plate/P1/well/A01/cell/2"),
    *(f"{SCREEN}/cells", f"{SCREEN}/hits", f"{SCREEN}/classes", f"{SCREEN}/compound?name=compound%205", f"{SCREEN}/mixtures"),
    *(f"{SCREEN}/chip", f"{SCREEN}/compare", f"{SCREEN}/nothing"),
)
KEPT_IN_ENGLISH = ("English", "JavaScript", "Parquet", "MB", "outline", "tumour", "effector", "nuclei", "cells", "dna", "gfp")
"""What pages of the made screen call by its own name."""

SAID = re.compile(r'\bt\("([a-z_]+\.[A-Za-z_-]+)"')


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_strings_with_the_same_places(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert set(english) == set(other)
    for key, text in english.items():
        places = {name for _, name, _, _ in Formatter().parse(text) if name}
        assert {name for _, name, _, _ in Formatter().parse(other[key]) if name} == places, key
        assert other[key].strip()


def test_every_string_a_template_uses_is_there_and_every_string_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.j2")]
    texts += [path.read_text(encoding="utf-8") for path in TEMPLATES.parent.rglob("*.py")]
    said = {key for text in texts for key in SAID.findall(text) if not key.endswith("_")} | {
        key for text in texts for key in re.findall(r'\bwords\("([a-z_]+\.[A-Za-z_-]+)"', text)
    }
    sections = {stem for text in texts for stem in COMPOSED.findall(text)} | {"class.", "nothing.", "problem.", "nav."}
    assert said <= set(catalogue("en")), said - set(catalogue("en"))
    unused = {key for key in catalogue("en") if key not in said and not key.startswith(tuple(sections))}
    assert not unused


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "language"),
    [
        (None, None, None, "en"),
        ("zh-Hant", None, "en", "zh-Hant"),
        (None, "zh-Hant", "en", "zh-Hant"),
        (None, None, "zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        (None, None, "de, en;q=0.5", "en"),
        ("xx", "../../etc", None, "en"),
    ],
)
def test_a_reader_gets_the_language_asked_for(asked, kept, accepted, language) -> None:
    assert wanted_language(asked, kept, accepted) == language


def test_shared_sections_speak_the_readers_language(ask, screen_folder: Path) -> None:
    client = ask([screen_folder])
    pages = [client.get("/screens/made-screen/compound?name=compound%205&lang=" + tag).text for tag in ("zh-Hant", "en")]
    assert "劑量反應曲線" in pages[0]
    assert "Dose curves" not in pages[0]
    assert "Dose curves" in pages[1]
    assert "劑量反應曲線" not in pages[1]


def test_no_english_is_left_in_chinese_pages(ask, screen_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "made screen"
    shutil.copytree(screen_folder, copy)
    add_pictures(copy)
    client, names = ask([copy]), {*names_in(read_results(copy, with_fields=False)), *KEPT_IN_ENGLISH, str(copy)}
    left = {path: left_in_english(client.get(path, params={"lang": "zh-Hant"}).text, names) for path in PAGES}
    assert left == {path: {} for path in PAGES}


def test_a_string_has_its_places_filled() -> None:
    assert Words("en")("hits.page", page=2, pages=3) == "page 2 of 3"
    with pytest.raises(KeyError):
        Words("en")("hits.nothing")
