"""The pages in a real browser: each loads without a complaint, fits, and does what a reader expects of it."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

pytest.importorskip("playwright", reason="the extra 'test' is not installed")

from playwright.sync_api import Browser, Page
from tests.web.browser import Reader, chromium, opened, reader_in, served
from tests.web.pictured_screen import PLACES, SIZE, add_pictures
from tests.web.test_chip import PARAMETERS, lane_chip

SCREEN = "/screens/pictured"
IMAGED, DRAWN = f"{SCREEN}/plate/P1/well/A01", f"{SCREEN}/plate/P1/well/A02"
PAGES = (
    *("/", f"{SCREEN}/plate", f"{SCREEN}/plate/P2?scale=robust_z", IMAGED, DRAWN, f"{IMAGED}/cell/2", f"{SCREEN}/cells"),
    *(f"{SCREEN}/hits", f"{SCREEN}/classes", f"{SCREEN}/compound?name=compound%205", f"{SCREEN}/mixtures", f"{SCREEN}/chip"),
    f"{SCREEN}/compare",
)
VIEWER = "#viewer[data-ready=true]"


@pytest.fixture(scope="module")
def folders(screen_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return a screen with images, a drawn well and a chip, a plain one, and one that is running."""
    root = tmp_path_factory.mktemp("browser")
    pictured, running = root / "pictured", root / "running"
    shutil.copytree(screen_folder, pictured)
    add_pictures(pictured)
    run = json.loads((pictured / "run.json").read_text())
    run["settings"]["source"] = {"kind": "virtual", "chip": {"design": "lane3", "parameters": PARAMETERS, "pitch_um": 25.0}}
    (pictured / "run.json").write_text(json.dumps(run))
    (pictured / "prepared").mkdir()
    lane_chip().prepare(pictured)
    (running / "work").mkdir(parents=True)
    (running / ".lock").write_text(f"process {os.getpid()} on {socket.gethostname()}\n")
    (running / "work" / "planned.json").write_text('{"wells": 96}')
    (running / "ledger.jsonl").write_text('{"plate": "P1", "well": "A01", "status": "done"}\n')
    return [screen_folder, pictured, running]


@pytest.fixture(scope="module")
def address(folders: list[Path]) -> Iterator[str]:
    with served(folders) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened() as found:
        yield found


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="en-GB", accept_downloads=True)
    found = reader_in(context, address)
    yield found
    context.close()
    assert not found.complaints
    assert {url.split("/")[2] for url in found.asked if url.startswith("http")} <= {address.split("/")[2]}


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_missing_browser_fails_where_it_must_be_there(monkeypatch: pytest.MonkeyPatch, ci: str, outcome) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(outcome, match="apt-get install chromium"):
        chromium()


def seen(page: Page) -> np.ndarray:
    """Return the pixels of the viewer once it shows what it was asked for."""
    page.wait_for_load_state("networkidle")
    return np.asarray(Image.open(io.BytesIO(page.locator("#viewer").screenshot())).convert("RGB")).astype(int)


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 720, "light"), (390, 780, "light"), (1280, 720, "dark")])
def test_every_page_loads_without_a_complaint_and_fits(browser: Browser, address: str, width: int, height: int, scheme) -> None:
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-GB")
    reader = reader_in(context, address)
    for path in PAGES:
        page = reader.go(path)
        if page.locator("#viewer").count():
            page.wait_for_selector(VIEWER)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} pixels wide"
        assert page.locator("h1").count() == 1, path
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        lightness = sum(map(int, re.findall(r"\d+", paper)[:3])) / 3
        assert (lightness < 80) == (scheme == "dark"), paper
        unnamed = page.evaluate(
            "[...document.querySelectorAll('a, button, input:not([type=hidden]), select, img, svg[role]')].filter((one) =>"
            " !one.textContent.trim() && !one.getAttribute('aria-label') && !one.labels?.length && !one.alt).length"
        )
        assert unnamed == 0, path
    context.close()
    assert not reader.complaints


def test_the_language_is_switched_and_kept(reader: Reader) -> None:
    page = reader.go(f"{SCREEN}/plate")
    page.get_by_role("link", name="繁體中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-Hant"
    page.get_by_role("link", name="命中").click()
    assert page.locator("h1").inner_text() == "命中"
    page.get_by_role("link", name="English").click()
    assert page.locator("h1").inner_text() == "Hits"


def test_labels_of_figures_follow_the_language(reader: Reader) -> None:
    page = reader.go(f"{SCREEN}/compound?name=compound%205")
    label = page.locator("svg.dose text.axis-label").last
    english = label.text_content()
    page.get_by_role("link", name="繁體中文").click()
    chinese = page.locator("svg.dose text.axis-label").last
    assert (english, chinese.text_content()) == ("dose, µM", "劑量，µM")
    assert chinese.bounding_box()["width"] > 20, "the browser's font draws it"
    assert page.locator("#curves-title").text_content() == "劑量反應曲線"
    page.get_by_role("link", name="交互作用或存活").click()
    assert "細胞數 的變化" in page.locator("svg.classes").first.text_content()
    page.get_by_role("link", name="English").click()
    assert "change of the number of cells" in page.locator("svg.classes").first.text_content()


def test_a_click_on_a_well_opens_it(reader: Reader) -> None:
    page = reader.go(f"{SCREEN}/plate/P1")
    page.locator("svg.plate").first.get_by_role("link", name=re.compile("^A01")).click()
    page.wait_for_url(f"**{IMAGED}")


def test_a_well_is_reached_by_the_keyboard_alone(reader: Reader) -> None:
    page = reader.go(f"{SCREEN}/plate/P1")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('svg.plate') !== null"):
            break
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("B02")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{SCREEN}/plate/P1/well/B02")


def test_a_choice_takes_effect_without_a_button(reader: Reader) -> None:
    page = reader.go(f"{SCREEN}/plate/P1")
    page.locator("select[name=scale]").select_option("robust_z")
    page.wait_for_url("**scale=robust_z")


def test_contrast_changes_the_pixels(reader: Reader) -> None:
    page = reader.go(IMAGED)
    page.wait_for_selector(VIEWER)
    before = seen(page)
    assert before.max() > 200, "the cells are bright"
    page.get_by_label("bright at").first.fill("60000")
    page.keyboard.press("Tab")
    page.wait_for_timeout(200)
    after = seen(page)
    assert any("/tile/" in url and "60000" in url for url in reader.asked)
    assert (before != after).any()


def test_layers_are_drawn_over_the_image(reader: Reader) -> None:
    page = reader.go(IMAGED)
    page.wait_for_selector(VIEWER)
    before = seen(page)
    page.get_by_label("outlines of cells").check()
    page.wait_for_timeout(300)
    outlined = seen(page)
    assert any("/outline/" in url for url in reader.asked)
    assert (before != outlined).any()
    page.get_by_label("who touches whom").check()
    line = page.locator(".over-contacts path")
    line.wait_for(state="attached")
    frame, box = page.locator("#viewer").bounding_box(), line.bounding_box()
    scale = min(frame["width"], frame["height"]) / SIZE
    assert box["width"] == pytest.approx((PLACES[1][0] - PLACES[0][0]) * scale, abs=4)
    page.get_by_label("who touches whom").uncheck()
    assert page.locator(".over-contacts").count() == 0


def test_a_click_on_a_cell_opens_it(reader: Reader) -> None:
    page = reader.go(IMAGED)
    page.wait_for_selector(VIEWER)
    page.wait_for_load_state("networkidle")
    frame = page.locator("#viewer").bounding_box()
    scale = min(frame["width"], frame["height"]) / SIZE
    left, top = (frame["width"] - SIZE * scale) / 2, (frame["height"] - SIZE * scale) / 2
    x, y = PLACES[1]
    page.locator("#viewer").click(position={"x": left + x * scale, "y": top + y * scale})
    page.wait_for_url(f"**{IMAGED}/cell/2**")
    assert page.locator("img.crop-picture").evaluate("one => one.complete && one.naturalWidth > 0")


def test_a_drawn_well_has_time_and_flow(reader: Reader) -> None:
    page = reader.go(DRAWN)
    page.wait_for_selector(VIEWER)
    before = seen(page)
    page.locator("#time").fill("1")
    page.wait_for_timeout(300)
    later = seen(page)
    assert page.locator("#time-said").inner_text() == "10 min"
    assert (before != later).any()
    page.get_by_label("flow of the medium").check()
    page.locator(".over-flow path").wait_for(state="attached")
    page.get_by_label("ways of the cells").check()
    page.locator(".over-tracks path").wait_for(state="attached")


def test_a_point_of_the_scatter_opens_its_cell(reader: Reader) -> None:
    page = reader.go(f"{SCREEN}/cells?x=cell_shape_area_um2&y=cell_intensity_mean_dna")
    page.get_by_role("link", name="A02 · t_cell 2").last.click()
    page.wait_for_url(f"**{DRAWN}/cell/2?site=1&minute=10")
    assert page.locator("h1").inner_text() == "Cell 2"


def test_hits_are_downloaded_as_they_are_filtered(reader: Reader, folders: list[Path]) -> None:
    page = reader.go(f"{SCREEN}/hits?contains=compound+1")
    whole = pd.read_parquet(folders[1] / "hits.parquet")
    wanted = {name for name in whole["compound"] if name.startswith("compound 1")}
    for shape, read in (("CSV", pd.read_csv), ("Parquet", pd.read_parquet)):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=shape, exact=True).click()
        assert waiting.value.suggested_filename == f"pictured-hits.{shape.lower()}"
        assert set(read(waiting.value.path())["compound"]) == wanted


def test_a_running_screen_goes_on_without_being_loaded_anew(reader: Reader, folders: list[Path]) -> None:
    reader.page.clock.install()
    page = reader.go("/")
    card = page.locator(".card", has_text="running")
    assert "1 of 96 wells done" in card.first.inner_text()
    page.evaluate("window.stays = true")
    with (folders[2] / "ledger.jsonl").open("a") as ledger:
        ledger.write('{"plate": "P1", "well": "A02", "status": "failed", "reason": "torn file"}\n')
    page.clock.fast_forward(6_000)
    page.get_by_text("1 wells failed").wait_for()
    assert page.evaluate("window.stays === true")
    (folders[2] / ".lock").write_text("")
    page.clock.fast_forward(6_000)
    page.locator(".state-stopped").wait_for()
    asked = len(reader.asked)
    page.clock.fast_forward(60_000)
    page.wait_for_timeout(200)
    assert len(reader.asked) == asked, "nothing is running, so nothing is asked"
