"""What keeps the workbench to itself: who may ask, by which name, and what a page may load."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Addresses that no other machine reaches."""

COOKIE = "coculture-token"
TOKEN_KEY = "token"

POLICY = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'"),
        *("connect-src 'self'", "media-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"),
    )
)
"""Content-Security-Policy (W3C CSP 3): everything comes from the workbench itself, and no script or style stands in a page."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::[0-9]{1,5})?")
"""The header ``Host`` (RFC 9110, 7.2); what does not read so is nobody's name, also where a library would look past it."""

Next = Callable[[Request], Awaitable[Response]]


class Protection:
    """Refuses requests that are not for this page's reader, and marks every answer.

    Parameters
    ----------
    names : host names under which the workbench may be asked; another one means that some page elsewhere is asking
        through the reader's browser (DNS rebinding).
    token : the secret a reader has to show, '' where none is needed.
    mend : makes the page that is shown where something unforeseen went wrong. It is made here, so that this answer is
        marked as every other, and no trace of the program leaves with it.
    """

    def __init__(self, names: frozenset[str], token: str, mend: Callable[[Request, Exception], Response]) -> None:
        self._names, self._token, self._mend = names, token, mend

    async def __call__(self, request: Request, go_on: Next) -> Response:
        """Let a request through, or refuse it."""
        refusal = self._refusal(request)
        try:
            response = refusal if refusal is not None else await go_on(request)
        except Exception as error:
            response = self._mend(request, error)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def _refusal(self, request: Request) -> Response | None:
        if request.method != "GET":
            return PlainTextResponse("The workbench only shows; nothing can be sent to it.", 405, {"Allow": "GET"})
        if self._names and _host_name(request) not in self._names:
            return PlainTextResponse("Not asked under its own name.", 400)
        if not self._token or _same(request.cookies.get(COOKIE, ""), self._token):
            return None
        if _same(request.query_params.get(TOKEN_KEY, ""), self._token):
            return self._let_in(request)
        return PlainTextResponse("Open the address with its token, as 'coculture serve' printed it.", 401)

    def _let_in(self, request: Request) -> Response:
        """Keep the token in a cookie and take it out of the address."""
        rest = request.url.remove_query_params(TOKEN_KEY)
        here = "/" + quote(rest.path.lstrip("/\\"), safe="/%") + (f"?{rest.query}" if rest.query else "")  # never another host
        response = RedirectResponse(here, 303)
        response.set_cookie(COOKIE, self._token, httponly=True, samesite="strict", path="/")
        return response


def _host_name(request: Request) -> str:
    """Return the name the reader's browser asked under, '' where it is not told once and plainly."""
    told = request.headers.getlist("host")
    match = _HOST.fullmatch(told[0]) if len(told) == 1 else None
    return match["name"].lower() if match else ""


def _same(shown: str, token: str) -> bool:
    return hmac.compare_digest(shown.encode(), token.encode())
