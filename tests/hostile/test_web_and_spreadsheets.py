"""Requests and texts made by hand to do harm: what a browser or a spreadsheet gets does nothing but show."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from doors import spreadsheets
from doors.workbench import DOORS, MARK, TARGETS, S, W, request
from guard import PER_DOOR, Guard
from tests.web.conftest import made_wells, write_screen

from coculture.report.pages import write_report

EVERY = 1 if PER_DOOR >= 100 else 5
"""Of the combinations of places and values CI draws every fifth; the campaign asks all."""

(DOOR,) = DOORS
(TABLES,) = spreadsheets.DOORS


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "[::1", "[", "localhost:99999999", "a b", "", "127.0.0.1@evil", "x" * 9000]
)
def test_another_name_is_refused(guard: Guard, host: str) -> None:
    answer = guard.read(DOOR, request("/", host=host))
    assert answer.outcome == "accepted", answer.told
    assert answer.told.startswith("400"), answer.told


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "get", "EVIL"])
def test_nothing_can_be_sent(guard: Guard, method: str) -> None:
    answer = guard.read(DOOR, request(f"{S}/hits", method=method, origin="https://evil.example"))
    assert answer.told.startswith("405"), answer.told


CLIMBS = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "%252e%252e%252f", "..%5c", "..\\", "....//", "%c0%ae%c0%ae/")


@pytest.mark.parametrize("climb", CLIMBS)
@pytest.mark.parametrize(
    "start", ["/static/", "/style/", "/", f"{S}/", f"{S}/plate/", f"{W}/outline/1/0/0/0/0.png?name=", f"{S}/chip/"]
)
def test_no_path_leads_out(guard: Guard, start: str, climb: str) -> None:
    answer = guard.read(DOOR, request(start + climb * 9 + "etc/passwd"))
    assert answer.outcome == "accepted", answer.told
    assert answer.told[:3] in ("400", "404"), answer.told


BAD: tuple[str, ...] = (
    "-1",
    "0",
    "1e9",
    "9" * 400,
    "9" * 5000,
    "nan",
    "inf",
    "-inf",
    "1e308",
    "%00",
    "%ff",
    "a" * 9000,
    "' OR 1=1 --",
    "%0d%0aX:1",
    "[]",
    "\u00b2",
)
NUMBERS = (
    *("{}?site=1", "/cell/{}", "?site={}", "?time={}", "/cell/1?minute={}", "/tile/{}/0/0/0/0.png", "/tile/1/{}/0/0/0.png"),
    *("/tile/1/0/{}/0/0.png", "/tile/1/0/0/{}/0.png", "/drawing/{}/0.png", "/crop/1/0/{}.png"),
    *("/nearest/1/0?x_um={}&y_um={}", "?x={}"),
)  # fmt: skip


@pytest.mark.parametrize("place", NUMBERS)
def test_odd_numbers_of_a_well(guard: Guard, place: str) -> None:
    for value in BAD[len(place) % EVERY :: EVERY]:
        answer = guard.read(DOOR, request(W + place.replace("{}", quote(value, safe="%"))))
        assert answer.outcome == "accepted", f"{value[:50]}: {answer.told}"


@pytest.mark.parametrize("key", ["page", "readout", "class", "contains", "sort", "falling", "only_hits", "lang", "token"])
def test_odd_values_of_the_ranking(guard: Guard, key: str) -> None:
    values = (*BAD, "x'); DROP TABLE hits; --", "%27 UNION SELECT 1", MARK, f"1&{key}=2")
    for value in values[len(key) % EVERY :: EVERY]:
        for page in ("hits", "hits.csv"):
            answer = guard.read(DOOR, request(f"{S}/{page}?{key}={quote(value, safe='%&=')}"))
            assert answer.outcome == "accepted", f"{value[:50]}: {answer.told}"


@pytest.mark.parametrize("target", TARGETS[::EVERY])
def test_every_page_with_every_header(guard: Guard, target: str) -> None:
    for name, value in (
        ("cookie", "coculture-token=\xff; coculture-language=<b>"),
        ("accept-language", "zh," * 3000),
        ("range", "bytes=0-9,-5"),
    ):
        answer = guard.read(DOOR, request(target, **{name: value}))
        assert answer.outcome == "accepted", f"{name}: {answer.told}"


FORMULAS = (
    "=1+1",
    "+1+x",
    "-1+x",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋x",
    "－x",
    "＠x",
    " =1",
    "'=1",
    "a;=1",
    'a";=1',
    "a\t=1",
    "a\n=1",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_computed(guard: Guard, text: str) -> None:
    answer = guard.read(TABLES, json.dumps({"texts": [text, "plain"], "number": 1.5}).encode())
    assert answer.outcome == "accepted", answer.told


def test_the_report_shows_hostile_names_as_text(tmp_path: Path) -> None:
    wells = made_wells(("P<b>1</b>",))
    wells["compound"] = wells["compound"].replace("compound 5", MARK)
    page = write_report(write_screen(tmp_path / "screen", wells.assign(treatment=wells["compound"]))).read_text()
    assert "<script>alert" not in page
    assert "P<b>1" not in page
    assert "&lt;script&gt;alert(9)" in page
