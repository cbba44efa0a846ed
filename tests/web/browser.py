"""A real browser on a real workbench: the server, the pages, and everything the browser complains about."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from coculture.web.app import create_app

REPORTS_POLICY = (
    "document.addEventListener('securitypolicyviolation', (event) =>"
    " console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))"
)


@contextmanager
def served(folders: list[Path]) -> Iterator[str]:
    """Serve the workbench on a free port; give its address."""
    config = uvicorn.Config(create_app(folders), host="127.0.0.1", port=0, log_level="error", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 30
    while not server.started and time.monotonic() < end:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def chromium() -> str:
    """Return where Chromium is; without it the tests fail where they run for everybody, and are left out elsewhere."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        told = "there is no Chromium: apt-get install chromium"
        pytest.fail(told) if os.environ.get("CI", "").lower() in ("1", "true") else pytest.skip(told)
    return found


@contextmanager
def opened() -> Iterator[Browser]:
    """Open a browser without a window."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@dataclass
class Reader:
    """A page in the browser, and what went wrong in it.

    Attributes
    ----------
    page : the page.
    address : of the workbench.
    asked : every address the page asked for.
    complaints : errors and warnings of the console, exceptions, breaches of the policy, and failed requests.
    """

    page: Page
    address: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open an address of the workbench."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, path
        return self.page


def reader_in(context: BrowserContext, address: str) -> Reader:
    """Return a page that listens for complaints."""
    context.add_init_script(REPORTS_POLICY)
    context.set_default_timeout(20_000)
    reader = Reader(context.new_page(), address)
    reader.page.on("console", lambda said: reader.complaints.append(said.text) if said.type in ("error", "warning") else None)
    reader.page.on("pageerror", lambda error: reader.complaints.append(str(error)))
    reader.page.on("request", lambda request: reader.asked.append(request.url))
    reader.page.on(
        "response", lambda answer: reader.complaints.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
    )
    return reader
