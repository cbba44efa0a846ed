"""Who may ask, under which name, and that no path comes from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from coculture.errors import FileError, InputError
from coculture.web.app import create_app
from coculture.web.protection import COOKIE, HEADERS

SCREEN = "/screens/made-screen"

OUTSIDE = [
    "/static/../app.py",
    "/static/%2e%2e/app.py",
    "/static/..%2fapp.py",
    "/static/%2e%2e%2f%2e%2e%2ferrors.py",
    "/static//etc/passwd",
    "/static/....//app.py",
    "/screens/..%2f..%2fetc/plate",
    "/screens/%2fetc/plate",
    f"{SCREEN}/plate/..%2f..%2f..%2fetc%2fpasswd",
    f"{SCREEN}/plate/%2fetc%2fpasswd",
    f"{SCREEN}/plate/P1%00",
    f"{SCREEN}/plate/P1/well/..%2fA01",
    f"{SCREEN}/hits.py",
]


@pytest.mark.parametrize("address", OUTSIDE)
def test_no_path_comes_from_outside(client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in (400, 404, 422)
    assert "root:" not in answer.text
    assert "def create_app" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "readout=nothing",
        "readout=mixing%27%20OR%201%3D1",
        "class=good",
        "sort=rank%3BDROP",
        "page=0",
        "page=x",
        "page=99999999999",
        f"contains={'a' * 300}",
        "falling=perhaps",
    ],
)
def test_what_no_page_can_show_is_refused_without_a_trace(client, query: str) -> None:
    answer = client.get(f"{SCREEN}/hits?{query}")
    assert answer.status_code in (400, 404)
    assert "cannot be shown" in answer.text
    assert "Traceback" not in answer.text


def test_a_quote_in_a_filter_is_only_text(client) -> None:
    assert "0 treatments" in client.get(f"{SCREEN}/hits?contains=%27%20OR%201%3D1%20--").text


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, screen_folder: Path, ask) -> None:
    root = tmp_path / "root"
    (root / "inside").mkdir(parents=True)
    (root / "inside" / "wells.parquet").write_bytes((screen_folder / "wells.parquet").read_bytes())
    (root / "outside").symlink_to(screen_folder, target_is_directory=True)
    page = ask([root]).get("/").text
    assert "/screens/inside/" in page
    assert "/screens/outside/" not in page


def test_every_answer_is_marked_and_a_page_loads_only_from_here(client) -> None:
    for address in ("/", f"{SCREEN}/plate", "/static/workbench.css", "/nothing"):
        answer = client.get(address)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert "http://" not in answer.text.replace("http://www.w3.org", "")
        assert "style=" not in answer.text.replace("rel=stylesheet", "")
        assert "<script>" not in answer.text


def test_nothing_can_be_sent(client) -> None:
    assert client.post("/").status_code == 405
    assert client.delete(f"{SCREEN}/plate").status_code == 405


def test_another_name_is_refused(screen_folder: Path, ask) -> None:
    answer = ask([screen_folder]).get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400


def test_another_address_needs_a_token(screen_folder: Path) -> None:
    with pytest.raises(InputError, match="can be reached from other machines, and there is no token"):
        create_app([screen_folder], host="0.0.0.0")


def test_a_token_is_asked_once_and_leaves_the_address(screen_folder: Path, ask) -> None:
    browser = ask([screen_folder], host="0.0.0.0", token="geheim")
    assert browser.get("/").status_code == 401
    assert browser.get("/?token=falsch").status_code == 401
    let_in = browser.get("/screens/made-screen/hits?sort=effect&token=geheim")
    assert let_in.status_code == 303
    assert let_in.headers["location"] == "/screens/made-screen/hits?sort=effect"
    assert "httponly" in let_in.headers["set-cookie"].lower()
    browser.cookies.set(COOKIE, "geheim")
    assert browser.get("/").status_code == 200


def test_no_folder_and_no_results_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such folder"):
        create_app([tmp_path / "none"])
    with pytest.raises(FileError, match="there are no results here"):
        create_app([tmp_path])
