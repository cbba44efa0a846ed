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
    refused = client.head("/")
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET"


def test_another_name_is_refused(screen_folder: Path, ask) -> None:
    answer = ask([screen_folder]).get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400


@pytest.mark.parametrize("host", ["localhost:8750", "127.0.0.1:8750", "[::1]:8750", "LOCALHOST"])
def test_its_own_names_are_let_in_at_any_port(client, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["localhost.evil.example", "127.0.0.1.evil.example", "evil.example:8750", "192.168.1.2", "*"])
def test_names_that_only_look_like_its_own_are_refused(client, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400


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


@pytest.mark.parametrize("token", ["%ff", "geheim%00", "GEHEIM", "", "geheim%20"])
def test_what_is_not_the_token_is_refused_whatever_it_holds(screen_folder: Path, ask, token: str) -> None:
    assert ask([screen_folder], host="0.0.0.0", token="geheim").get(f"/?token={token}").status_code == 401


def test_nothing_is_served_before_the_token_not_even_a_style(screen_folder: Path, ask) -> None:
    browser = ask([screen_folder], host="0.0.0.0", token="geheim")
    for address in ("/static/workbench.css", "/style/report.css", f"{SCREEN}/hits.csv", "/nothing"):
        answer = browser.get(address)
        assert answer.status_code == 401
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["//evil.example/", "/%2f%2fevil.example", "/%5cevil.example", "/screens/a%0d%0aSet-Cookie:x"])
def test_the_token_leads_to_no_other_host(screen_folder: Path, ask, path: str) -> None:
    browser = ask([screen_folder], host="0.0.0.0", token="geheim")
    answer = browser.get(f"http://localhost{path}?token=geheim")
    assert answer.status_code == 303
    assert answer.headers["location"][0] == "/"
    assert answer.headers["location"][1:2] not in ("/", "\\")
    assert answer.headers["set-cookie"].startswith(COOKIE)


def test_what_goes_wrong_leaves_no_trace_in_the_page_nor_the_token_in_the_log(
    screen_folder: Path, ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(folder: Path) -> None:
        raise RuntimeError("a secret of the program")

    monkeypatch.setattr("coculture.web.screen_folder.require_enclosed", broken)
    browser = ask([screen_folder], host="0.0.0.0", token="geheim")
    browser.cookies.set(COOKIE, "geheim")
    answer = browser.get(f"{SCREEN}/plate?token=geheim")
    assert answer.status_code == 500
    assert "a secret of the program" not in answer.text
    assert "Traceback" not in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    told = [record for record in caplog.records if record.name == "coculture.web"]
    assert [record.getMessage() for record in told] == [f"while showing {SCREEN}/plate"]


def test_no_folder_and_no_results_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such folder"):
        create_app([tmp_path / "none"])
    with pytest.raises(FileError, match="there are no results here"):
        create_app([tmp_path])


@pytest.mark.parametrize(
    "host", ["evil.example", "[::1", "[", "", "a b", "127.0.0.1@evil.example", "localhost:999999", "localhost/"]
)
def test_a_name_that_is_not_told_plainly_is_nobodys(client, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "own name" in answer.text
    assert client.get("/", headers={"host": "LOCALHOST:8000"}).status_code == 200
