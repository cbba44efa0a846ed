"""The bundle that is served was made from the sources that lie here."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "web-client"
STATIC = ROOT / "src" / "coculture" / "web" / "static"


def test_the_bundle_is_not_stale() -> None:
    sources = [CLIENT / "package.json", CLIENT / "package-lock.json", *sorted((CLIENT / "src").iterdir())]
    hashed = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    assert (STATIC / "bundle.sources").read_text().strip() == hashed, "run 'make web'"


def test_the_bundle_asks_nobody_else() -> None:
    viewer, pages = ((STATIC / name).read_text(encoding="utf-8") for name in ("well.js", "pages.js"))
    assert "OpenSeadragon" in viewer
    assert "OpenSeadragon" not in pages
    for text in (viewer, pages):
        assert "eval(" not in text
        assert "//cdn" not in text
