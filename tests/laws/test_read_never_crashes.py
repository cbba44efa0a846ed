"""Whatever bytes a file holds and however it is called, reading gives pixels or an error the user can mend."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coculture.errors import CocultureError
from coculture.imaging.read import open_images
from coculture.imaging.read.ome_xml import parse_ome_xml
from coculture.imaging.read.patterns import READY, file_pattern
from coculture.plate.layout import Layout

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)


@pytest.fixture(
    params=[{"metadata": None}, {"metadata": None, "compression": "zlib", "tile": (16, 16)}, {"ome": True}],
    ids=["plain", "tiled", "ome"],
)
def whole(request: pytest.FixtureRequest, tmp_path: Path) -> bytes:
    path = tmp_path / "whole.tif"
    image = np.random.default_rng(0).integers(0, 4000, (32, 48), dtype=np.uint16)
    writing: dict[str, Any] = request.param
    tifffile.imwrite(path, image, **writing)
    return path.read_bytes()


@QUICK
@given(changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=8), in_header=st.booleans())
def test_changed_bytes(whole: bytes, tmp_path: Path, changes: list[tuple[float, int]], in_header: bool) -> None:
    broken = bytearray(whole)
    reach = min(len(broken), 400) if in_header else len(broken)
    for place, value in changes:
        broken[int(place * reach)] = value
    folder = tmp_path / "plate"
    folder.mkdir(exist_ok=True)
    (folder / "A01.tif").write_bytes(bytes(broken))
    logging.getLogger("tifffile").setLevel(logging.CRITICAL)
    with contextlib.suppress(CocultureError):
        index = open_images(folder, "plain", {"dna": "1"}, layout=Layout.of(96), pixel_size_um=1.0)
        index.verify()
        assert index.read("plate", "A01", 1).pixels.shape == (1, *index.shape)


@QUICK
@given(name=st.text(alphabet="ABr01c2_fpts-wch VIDymdZTL.()", min_size=1, max_size=40), pattern=st.sampled_from(sorted(READY)))
def test_any_name(tmp_path: Path, name: str, pattern: str) -> None:
    for expression, _ in file_pattern(pattern).compiled():
        match = expression.fullmatch(f"{name}.tif")
        if match:
            assert match["column"].isdigit()


@QUICK
@given(text=st.text(alphabet="()[]{}*+?|\\dw.<>P=well_ab12,", max_size=40))
def test_any_expression_is_taken_or_refused(text: str) -> None:
    with contextlib.suppress(CocultureError):
        pattern = file_pattern(text)
        for expression, _ in pattern.compiled():
            expression.fullmatch("a" * 30 + "b12_well")


@QUICK
@given(text=st.text(alphabet='<>/="OMEImagePixels SizeCT12IFD', max_size=80))
def test_any_metadata(text: str) -> None:
    with contextlib.suppress(CocultureError):
        parse_ome_xml(text, "x.tif")
