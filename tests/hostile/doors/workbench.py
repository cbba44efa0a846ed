"""What comes to the workbench over the network: addresses, headers, methods; behind it a small screen with hostile names."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from door import NOTHING_ASKED, Door

MARK = "<script>alert(9)</script>\"onload='x'"
"""The name of a compound, a plate and a note; it may leave only escaped."""


@cache
def workbench() -> Any:
    """Return the workbench on a screen and an untouched second one."""
    from tests.web.conftest import made_wells, write_screen

    from coculture.web.app import create_app

    home = Path(tempfile.mkdtemp(prefix="hostile-workbench-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    wells = made_wells(("P1", "P<b>2"))
    wells["compound"] = wells["compound"].replace("compound 7", MARK)
    wells["treatment"] = wells["compound"] + " 1 uM"
    write_screen(home / "made screen", wells)
    import atexit

    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return create_app([home])


async def _asked(method: str, target: bytes, headers: list[tuple[bytes, bytes]]) -> tuple[int, dict[str, str], bytes]:
    """Ask as a server does that decodes the address once."""
    path, _, query = target.partition(b"?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "root_path": "",
    }
    scope |= {"path": unquote(path.decode("ascii")), "raw_path": path, "query_string": query, "headers": headers}
    scope |= {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000)}
    told: list[dict[str, Any]] = []

    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        for message in asked:
            return message
        await asyncio.Event().wait()  # as a browser that waits for its answer
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    await workbench()(scope, receive, send)
    marks = {key.decode().lower(): value.decode("latin-1") for key, value in told[0]["headers"]}
    return told[0]["status"], marks, b"".join(message.get("body", b"") for message in told)


def answer_account(path: Path) -> str:
    """Ask what the file says and look at the answer."""
    try:
        asked = json.loads(path.read_bytes())
        target = str(asked["target"]).encode("ascii", "ignore").translate(None, b"\r\n\0 #") or b"/"
        told = {"host": "localhost", **asked.get("headers", {})}
        headers = [(key.lower().encode("latin-1"), str(value).encode("latin-1")) for key, value in told.items()]
        method = str(asked.get("method", "GET"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return NOTHING_ASKED
    status, marks, body = asyncio.run(_asked(method, target if target.startswith(b"/") else b"/" + target, headers))
    assert status < 500, f"{status}: {body[:300]!r}"
    assert method == "GET" or status == 405
    assert marks.get("x-content-type-options") == "nosniff", marks
    assert "default-src 'none'" in marks.get("content-security-policy", "")
    assert not any(sign in value for value in marks.values() for sign in "\r\n\0")
    host = told["host"].rpartition(":")[0] or told["host"]
    if host not in ("localhost", "127.0.0.1", "[::1]", "::1") and told["host"] not in ("localhost", "127.0.0.1", "[::1]"):
        assert status in (400, 405), f"asked as {told['host']!r}: {status}"
    if "html" in marks.get("content-type", "") or "svg" in marks.get("content-type", ""):
        text = body.decode()
        assert "<script>alert" not in text
        assert not re.search(r"<[^>]*[\"'\s]onload='", text.replace("&#34;onload=&#39;", ""))
        assert "Traceback" not in text
    assert b"root:x:0" not in body
    return f"{status} {marks.get('content-type', '')} {len(body)}"


def request(target: str, method: str = "GET", **headers: str) -> bytes:
    """Return an order for this door."""
    return json.dumps({"target": target, "method": method, "headers": headers}).encode()


S = "/screens/made-screen"
W = f"{S}/plate/P1/well/A02"
TARGETS = (
    *("/", S, f"{S}/plate", f"{S}/plate/P1?readout=mixing&scale=raw", f"{S}/plate/P%3Cb%3E2?scale=robust_z", W),
    *(
        f"{W}?site=1&time=0&x=area_um2&y=x_um",
        f"{W}/cell/1?site=1&time=0&minute=5.0",
        f"{S}/cells?x=x_um&y=y_um&plate=P1&type=a&x_low=1",
    ),
    *(
        f"{S}/hits?readout=mixing&class=&contains=a&only_hits=true&sort=effect&falling=true&page=1",
        f"{S}/hits.csv?contains=compound",
    ),
    *(f"{S}/hits.parquet?sort=rank", f"{S}/classes", f"{S}/compound?name=compound%201", f"{S}/compound?name={quote(MARK)}"),
    *(
        f"{S}/mixtures",
        f"{S}/chip?plate=P1&well=A01",
        f"{S}/chip/speed.png",
        f"{S}/compare?other=made-screen",
        "/static/pages.js",
    ),
    *(f"{W}/tile/1/0/0/0/0.png?light=0,1,ff0000,dna", f"{W}/outline/1/0/0/0/0.png?name=cells", f"{W}/drawing/1/0.png?solute=x"),
    *(
        f"{W}/contacts/1/0.svg",
        f"{W}/tracks/1/0.svg",
        f"{W}/flow/1/0.svg",
        f"{W}/nearest/1/0?x_um=1.5&y_um=2",
        f"{W}/crop/1/0/1.png",
    ),
    *("/?lang=zh-Hant", "/style/report.css"),
)
_WORDS = (
    *(b"%2e%2e%2f", b"..%2f", b"%252e%252e", b"%00", b"%0d%0aX-Evil:1", b"%3Cscript%3Ealert(1)%3C/script%3E", b"' OR 1=1 --"),
    *(
        b"%27;COPY(SELECT 1)TO%27/dev/shm/x%27",
        b"&page=-1",
        b"&page=1e9",
        b"&lang=xx",
        b"nan",
        b"inf",
        b"1e308",
        b"%ff%fe",
        b"%ED%A0%80",
    ),
    *(
        b"9" * 5000,
        b"../../etc/passwd",
        b"&x=1&x=2",
        b"read_csv('/etc/passwd')",
        b"%22%3E%3Cimg",
        b"\\u0000",
        b"&minute=nan",
        b"-1",
    ),
)

DOORS = (
    Door(
        "workbench",
        "request.json",
        answer_account,
        lambda: {target: request(target) for target in TARGETS},
        _WORDS,
        3.0,
    ),
)
