"""Images made by hand to do harm: each is refused in the right words, or read as what it is."""

from __future__ import annotations

import json
import zlib

import pytest
from doors.images import DOORS, OWN, PIXELS, names_of
from guard import Guard
from made_files import PLATES, TIFFS, bombs, chain, header, metadata, old_array

DOOR = {door.name: door for door in DOORS}


def require_refusal(guard: Guard, door: str, data: bytes, told: str) -> None:
    answer = guard.read(DOOR[door], data, note="by hand")
    assert answer.outcome == "refused", answer.told
    assert told in answer.told
    assert "→" in answer.told, "a refusal says what to do"


@pytest.mark.parametrize("name", TIFFS())
def test_tiff_is_refused(guard: Guard, name: str) -> None:
    require_refusal(guard, "TIFF", *TIFFS()[name])


@pytest.mark.parametrize("name", bombs())
def test_a_bomb_becomes_no_more_than_it_declares(guard: Guard, name: str) -> None:
    assert guard.read(DOOR["TIFF"], bombs()[name], note=name).outcome in ("refused", "accepted")


@pytest.mark.parametrize("data", [header(), header(following=0)], ids=["by hand", "last page"])
def test_a_plain_header_is_read(guard: Guard, data: bytes) -> None:
    answer = guard.read(DOOR["TIFF"], data)
    assert answer.told == f"(16, 20) uint16 {zlib.crc32(PIXELS.tobytes())}"


@pytest.mark.parametrize("back", [0, 2**31], ids=["at itself", "outside of the file"])
def test_a_chain_of_pages_without_end(guard: Guard, back: int) -> None:
    answer = guard.read(DOOR["TIFF"], chain(back=back))
    assert answer.outcome == "refused" or answer.told == f"(16, 20) uint16 {zlib.crc32(PIXELS.tobytes())}", answer.told


@pytest.mark.parametrize("name", metadata())
def test_ome_xml_is_refused(guard: Guard, name: str) -> None:
    text, told = metadata()[name]
    require_refusal(guard, "OME-XML", text.encode(), told)


@pytest.mark.parametrize("name", PLATES())
def test_plate_is_refused(guard: Guard, name: str) -> None:
    require_refusal(guard, "OME-Zarr", *PLATES()[name])


@pytest.mark.parametrize("codec", [None, "zlib"])
def test_a_plate_of_zarr_2_is_read(guard: Guard, codec: str | None) -> None:
    data = PIXELS.tobytes()
    answer = guard.read(DOOR["OME-Zarr"], old_array(codec, zlib.compress(data) if codec else data))
    assert f"(1, 16, 20) uint16 {zlib.crc32(data)}" in answer.told


GOOD = "P1_A01_1_dna.tif"
SLOW = "a" * 60
W = "(?P<well>A01)"
PATTERNS = {
    "repeats in repeats": (rf"(a+)+{W}_dna\.tif", "for ever"),
    "optional parts": ("a?" * 40 + "a" * 40 + W, "takes more than"),
    "choices in a row": ("(?:a|a)" * 60 + W, "takes more than"),
    "eight times everything": (".*" * 8 + W, "takes more than"),
    "no well": (r"(?P<site>\d+)_.*\.tif", "which part of the name is the well"),
    "group nobody knows": (rf"{W}(?P<evil>.*)", "unknown groups"),
    "brackets in a comment": (rf"(?x){W} # ))", "cannot be followed"),
    "brackets without end": ("(" * 400 + W + ")" * 400, "none of"),
    "a repeat of 10^20": (rf"{W}a{{100000000000000000000}}", "regular expression"),
    "brackets open": (r"(?P<well>A01", "regular expression"),
    "very long": (W + "a" * 2000, "characters"),
    "nothing matches": (rf"{W}_nothing\.tif", "none of"),
    "digits that are none": (r"(?P<row>.)(?P<column>.)_(?P<channel>\w+)\.tif", "not the name of a well"),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_pattern_is_refused(guard: Guard, name: str) -> None:
    pattern, told = PATTERNS[name]
    answer = guard.read(DOOR["file names"], names_of(pattern, GOOD, f"{SLOW}X_dna.tif", f"{SLOW}b.tif", "²³_dna.tif"))
    assert answer.outcome == "refused", answer.told
    assert told in answer.told


def test_names_that_are_no_text_are_refused(guard: Guard) -> None:
    data = json.dumps({"pattern": "plain", "names": ["A01_s1_\udcff.tif"]}).encode()
    require_refusal(guard, "file names", data, "not UTF-8")


@pytest.mark.parametrize("odd", ["-x", "=1", "<script>", "\x1b[2J", "\u202ex", "a\nb", "黄连", "x" * 220, "'", "%2e%2e"])
def test_odd_names_are_read_or_refused(guard: Guard, odd: str) -> None:
    answer = guard.read(DOOR["file names"], names_of(OWN, f"{odd}_A01_1_dna.tif"))
    assert answer.outcome != "failed", answer.told
    assert answer.outcome == "accepted" or "none of 1 image files matches" in answer.told
