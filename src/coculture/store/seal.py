"""A text that vouches for itself: it carries the SHA-256 of all the rest of it, so that a changed byte is found.

A seal guards against bad disks, broken copies and slips of an editor. It is no signature: whoever changes a file on purpose
can seal it again.
"""

from __future__ import annotations

import hashlib
import re

PLACEHOLDER = "0" * 64
"""Stands where the seal will stand while it is computed."""

_SEALED_JSON = re.compile(rb'"seal": "([0-9a-f]{64})"\n\}\n\Z')


def sealed(text: str) -> bytes:
    """Return JSON ``text``, whose last value is :data:`PLACEHOLDER` under ``seal``, with its SHA-256 in that place."""
    content = text.encode()
    before, after = content.rsplit(PLACEHOLDER.encode(), 1)
    return before + hashlib.sha256(content).hexdigest().encode() + after


def seal_holds(content: bytes) -> bool:
    """Tell whether a text carries a seal and is what was sealed."""
    found = _SEALED_JSON.search(content)
    if found is None:
        return False
    zeros = content[: found.start(1)] + PLACEHOLDER.encode() + content[found.end(1) :]
    return hashlib.sha256(zeros).hexdigest().encode() == found[1]
