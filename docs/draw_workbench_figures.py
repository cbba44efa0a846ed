"""Draw the pictures of docs/workbench.md: the pages as a browser shows them.

    python docs/draw_workbench_figures.py IMAGED VIRTUAL

IMAGED is a results folder of images, VIRTUAL one of a virtual chip; ``make pictures`` runs a screen of each kind first. Needs the
extra ``test`` and Chromium (``apt-get install chromium fonts-noto-cjk``).
"""

from __future__ import annotations

import io
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import uvicorn
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from coculture.web.app import create_app

OUT = Path(__file__).parent / "images"
SIZE = {"width": 1280, "height": 800}
COLOURS = 96


@contextmanager
def served(folders: list[Path]) -> Iterator[tuple[str, list[str]]]:
    """Serve the workbench; give its address and the names of the screens in the folders' order."""
    app = create_app(folders)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    keys = {screen.folder: key for key, screen in app.state.library.screens().items()}
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", [keys[folder.resolve()] for folder in folders]
    server.should_exit = True
    thread.join(10)


def kept(page: Page, name: str) -> None:
    """Write what the page shows as a small PNG."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    shown.save(OUT / f"workbench_{name}.png", optimize=True)


def well_page(folder: Path, screen: str) -> str:
    """Return the address of a well in the middle of a screen's first plate."""
    wells = pd.read_parquet(folder / "wells.parquet")
    treated = wells[wells["role"] == "treatment"]
    row = treated.iloc[len(treated) // 2]
    return f"/screens/{screen}/plate/{quote(str(row['plate']), safe='')}/well/{row['well']}"


def draw(page: Page, address: str, imaged: tuple[Path, str], virtual: tuple[Path, str]) -> None:
    """Visit the pages and keep them."""
    one, other = imaged[1], virtual[1]
    for name, path in {
        "plate": f"/screens/{one}/plate",
        "hits": f"/screens/{one}/hits",
        "cells": f"/screens/{one}/cells",
        "chip": f"/screens/{other}/chip",
        "chinese": f"/screens/{one}/classes?lang=zh-Hant",
    }.items():
        page.goto(address + path)
        kept(page, name)
    page.goto(address + well_page(*imaged) + "?lang=en")
    page.wait_for_selector("#viewer[data-ready=true]")
    for box in page.locator("[data-layer=outline], [data-layer=contacts]").all():
        box.check()
    page.locator("#seen-title").evaluate("one => one.scrollIntoView()")
    kept(page, "well")


def main() -> None:
    """Draw everything."""
    if len(sys.argv) != 3:
        sys.exit("usage: python docs/draw_workbench_figures.py IMAGED VIRTUAL, two results folders")
    folders = [Path(name) for name in sys.argv[1:]]
    with served(folders) as (address, (one, other)), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(viewport=SIZE, locale="en-GB")
        draw(context.new_page(), address, (folders[0], one), (folders[1], other))
        browser.close()


if __name__ == "__main__":
    main()
