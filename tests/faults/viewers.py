"""What a person sees of a results folder: the report and the pages of the workbench."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from coculture.errors import CocultureError
from coculture.report.pages import write_report
from coculture.web.app import create_app


def reported(results: Path) -> str:
    """Write the report, and return what was told where that failed."""
    try:
        write_report(results).unlink()
    except CocultureError as error:
        return str(error)
    return ""


def shown(results: Path, page: str) -> tuple[int, str]:
    """Return with which status the workbench answers for a page of the screen, and what it says."""
    app = create_app([results])
    (name,) = app.state.library.screens()
    answer = TestClient(app, base_url="http://localhost").get(f"/screens/{name}/{page}")
    return answer.status_code, "" if answer.headers["content-type"] == "image/png" else answer.text
