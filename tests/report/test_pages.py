"""The page as a whole: self-contained, the same every time, accessible, safe, and honest where something is missing."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from made_results import Design, make_results

from coculture.errors import FileError
from coculture.report.pages import write_report
from coculture.store.tables import table_path, write_table

VOID = {"meta", "link", "img", "br", "input", "rect", "circle", "line", "path", "use", "image"}


class Page(HTMLParser):
    """Collects the elements of a page and checks that they are nested and closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in ("meta", "link", "img", "br", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def made(folder: Path, design: Design) -> tuple[str, Page]:
    text = write_report(make_results(folder, design)).read_text(encoding="utf-8")
    return text, Page(text)


def test_page_asks_no_network_for_anything(page: str) -> None:
    assert "http://" not in page
    assert "https://" not in page
    assert "@import" not in page
    assert "url(" not in page
    parsed = Page(page)
    assert not parsed.all("script")
    assert not parsed.all("iframe")
    for tag, attributes in parsed.elements:
        for name in ("src", "href", "xlink:href", "srcset", "data", "poster", "action"):
            if name in attributes:
                value = attributes[name]
                assert value.startswith(("data:", "#")) or (tag == "a" and value == "hits.parquet"), (
                    f"<{tag} {name}={value[:60]}>"
                )
    policy = [meta["content"] for meta in parsed.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


def test_same_results_give_the_same_bytes(plate: Path, page: str, tmp_path: Path) -> None:
    copy = tmp_path / plate.name
    shutil.copytree(plate, copy)
    assert write_report(copy).read_text(encoding="utf-8") == page


def test_every_section_is_there_in_order(page: str) -> None:
    parsed = Page(page)
    sections = [attributes["id"] for attributes in parsed.all("section")]
    assert sections == [
        *("summary", "quality", "plates", "controls", "hits", "curves", "images", "fields", "failures", "notes", "methods"),
    ]
    linked = [attributes["href"][1:] for attributes in parsed.all("a") if attributes.get("href", "").startswith("#")]
    assert sections == list(dict.fromkeys(linked))


def test_page_is_accessible(page: str) -> None:
    parsed = Page(page)
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in parsed.elements:
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in ids
        if attributes.get("role") == "img":
            assert attributes["aria-label"].strip()
        if attributes.get("role") == "region":
            assert attributes["aria-label"].strip()
            assert attributes["tabindex"] == "0"
    assert all(image["alt"].strip() for image in parsed.all("img"))
    assert all(head.get("scope") in ("col", "row", "rowgroup") for head in parsed.all("th"))
    assert all(use["href"][1:] in ids for use in parsed.all("use"))
    drawings = [svg for svg in parsed.all("svg") if svg.get("aria-hidden") != "true"]
    assert drawings
    assert all(svg.get("role") == "img" for svg in drawings)
    assert parsed.elements[0] == ("html", {"lang": "en"})
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch(r"h[1-4]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_figures_and_tables_are_numbered_from_one(page: str) -> None:
    for kind in ("Figure", "Table"):
        numbers = [int(found) for found in re.findall(rf"<b>{kind} (\d+)\.</b>", page)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert numbers


def test_summary_says_what_was_screened_and_found(page: str) -> None:
    text = Page(page).text
    assert "This screen asks which of 18 treatments (2 compounds) change “nuclear ratio”." in text
    assert "16 negative controls, 8 positive controls and 72 treated wells" in text
    assert "the quality of “nuclear ratio” is good" in text
    assert re.search(r"\d+ of 18 treatments are hits at a false discovery rate of 5 %", text)
    assert re.search(
        r"wortmannin at step \d \(\+\d+ percentage points, 95 % CI \d+ to \d+, \d+ % of the positive control\)", text
    )
    assert "steps of different compounds cannot be compared" in text


def test_page_of_one_plate_is_small(page: str) -> None:
    assert len(page.encode()) < 2_000_000


def test_names_are_shown_as_text_and_never_as_markup(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    quoted = 'b" onload="alert(2)'
    design = Design(
        compounds=(evil, quoted),
        images=True,
        failed={"A05": f"{evil} went wrong"},
        notes=(f"note {evil}",),
        settings={"screen": {"name": evil, "description": f"& {evil}"}, "nuclei": {"channel": evil}},
    )
    text, parsed = made(tmp_path, design)
    assert "<script" not in text
    assert "onload=" not in "".join(name for _, attributes in parsed.elements for name in attributes)
    assert evil in parsed.text
    assert f"{evil} went wrong" in parsed.text
    assert not any(name.startswith("on") for _, attributes in parsed.elements for name in attributes)


def test_a_table_of_wells_has_no_images_and_says_so(tmp_path: Path) -> None:
    _, parsed = made(tmp_path, Design(cells=False, dose_unit="uM", settings={"source": {"kind": "wells"}}))
    sections = [attributes["id"] for attributes in parsed.all("section")]
    assert "images" not in sections
    assert "fields" not in sections
    assert "images, outlines and image quality could not be looked at" in parsed.text
    assert "began with a table of wells" in parsed.text
    assert "dose, µM" in parsed.text


def test_without_positive_controls_nothing_is_set_against_them(tmp_path: Path) -> None:
    _, parsed = made(tmp_path, Design(positive=False))
    assert "There are no positive controls" in parsed.text
    assert "% of positive" not in parsed.text
    assert "could not be judged" in parsed.text
    assert "robust Z′" not in parsed.text


def test_zero_hits_are_said_plainly(tmp_path: Path) -> None:
    _, parsed = made(tmp_path, Design(potency=0.0))
    assert "None of 18 treatments is a hit" in parsed.text
    assert "The nearest is" in parsed.text
    assert "None is a hit" in parsed.text


def test_conditions_are_contrasted_first(tmp_path: Path) -> None:
    _, parsed = made(tmp_path, Design(conditions=("mono", "co"), dose_unit="uM"))
    assert (
        "differ between the conditions co and mono" in parsed.text or "differs between the conditions co and mono" in parsed.text
    )
    assert "Nuclear ratio, difference between conditions (co − mono)" in parsed.text
    assert "Nuclear ratio, treatments against negative controls" in parsed.text
    assert "The wells belong to the conditions co and mono." in parsed.text


def test_failed_wells_are_listed_with_their_reason(tmp_path: Path) -> None:
    _, parsed = made(tmp_path, Design(failed={"C07": "the image is cut short", "D08": ""}))
    assert "C07 the image is cut short" in parsed.text
    assert "D08 no reason was recorded" in parsed.text
    assert "wells measured, 2 failed" in parsed.text
    assert "C07 · failed" in parsed.text
    assert "early" not in parsed.text


def test_well_table_alone_is_enough(tmp_path: Path, plate: Path) -> None:
    shutil.copy(plate / "wells.parquet", tmp_path)
    parsed = Page(write_report(tmp_path).read_text(encoding="utf-8"))
    assert [attributes["id"] for attributes in parsed.all("section")] == ["summary", "plates", "failures", "methods"]
    assert "the methods cannot be told" in parsed.text
    assert "The quality was not judged." in parsed.text


def test_empty_tables_are_no_reason_to_fail(tmp_path: Path, plate: Path) -> None:
    for kind in ("wells", "quality", "normalised", "hits", "curves"):
        whole = pd.read_parquet(plate / f"{kind}.parquet")
        write_table(whole if kind == "wells" else whole.iloc[:0], table_path(tmp_path, kind))
    parsed = Page(write_report(tmp_path).read_text(encoding="utf-8"))
    assert "hits" not in [attributes["id"] for attributes in parsed.all("section")]


def test_many_plates_are_drawn_small(tmp_path: Path) -> None:
    text, parsed = made(tmp_path, Design(plates=9))
    small = [image for image in parsed.all("img") if image["alt"].startswith("Plate ")]
    assert len(small) == 9 * 3
    whole = [svg for svg in parsed.all("svg") if "plate" in svg.get("class", "").split()]
    assert len(whole) == 2 * 3
    assert "the 2 plates of the lowest quality" in parsed.text
    assert "the line spans the middle half of the wells" in parsed.text
    assert len(text.encode()) < 2_000_000


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such results folder") as caught:
        write_report(tmp_path / "absent")
    assert "coculture run" in str(caught.value)


def test_folder_without_wells_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"holds no wells\.parquet") as caught:
        write_report(tmp_path)
    assert "run the screen to its end" in str(caught.value)
    assert not (tmp_path / "report.html").exists()


def test_broken_recipe_is_named(tmp_path: Path, plate: Path) -> None:
    shutil.copy(plate / "wells.parquet", tmp_path)
    (tmp_path / "recipe.toml").write_text("[screen\n", encoding="utf-8")
    with pytest.raises(FileError, match="is not readable") as caught:
        write_report(tmp_path)
    assert "recipe.toml" in str(caught.value)


def test_recipe_stands_in_where_there_is_no_run_file(tmp_path: Path, plate: Path) -> None:
    shutil.copy(plate / "wells.parquet", tmp_path)
    (tmp_path / "recipe.toml").write_text('[screen]\nname = "from_the_recipe"\n', encoding="utf-8")
    assert "<h1>from the recipe</h1>" in write_report(tmp_path).read_text(encoding="utf-8")
