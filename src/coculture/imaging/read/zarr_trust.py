"""What an OME-Zarr plate from elsewhere may say: places inside itself, sizes of images, chunks no larger than they are declared.

A chunk is compressed: a few kilobytes can become gigabytes, so what a chunk would become is looked up, or counted, first.
"""

from __future__ import annotations

import bz2
import json
import lzma
import math
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coculture.errors import FileError

LARGEST_CHUNK_BYTES = 2**29
LARGEST_DOCUMENT_BYTES = 2**24
MOST_INNER_CHUNKS = 2**20
_MOST_RATIO = 1100
"""Deflate makes at most 1032 bytes of one."""


def read_document(path: Path) -> Any:
    """Return a JSON document; ValueError where it is none, or nested or long beyond reason."""
    if path.stat().st_size > LARGEST_DOCUMENT_BYTES:
        raise ValueError(f"{path.stat().st_size} bytes are too many for metadata")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def inside(plate: Path, place: Path, name: str) -> Path:
    """Return ``place / name``, which has to lie in the plate, links followed; FileError where it leads out."""
    parts = name.split("/")
    if not name or "\0" in name or "\\" in name or any(part in ("", ".", "..") for part in parts):
        raise FileError(f"the path {name[:200]!r} leads out of the plate", str(place), "write the plate again")
    found = place / name
    if not Path(os.path.realpath(found)).is_relative_to(os.path.realpath(plate)):
        raise FileError("a link in it leads out of the plate", str(found), "put the files themselves into the plate")
    return found


def require_trusted_chunks(array: Any, path: Path) -> None:
    """Refuse an array whose chunks could take more memory than any image; FileError."""
    chunk, shard = array.chunks, array.shards or array.chunks
    declared = math.prod(chunk) * array.dtype.itemsize
    if not 0 < declared <= LARGEST_CHUNK_BYTES or math.prod(shard) > MOST_INNER_CHUNKS * math.prod(chunk):
        raise FileError(
            f"chunks of {' x '.join(map(str, chunk))} pixels are not read",
            str(path),
            f"write the plate again in chunks of at most {LARGEST_CHUNK_BYTES // 2**20} MB",
        )
    if array.shards is None:
        most = declared + 2**16
        for file in _chunk_files(path):
            if _becomes_more(file, most):
                raise FileError("a chunk holds more than it may", str(file), "copy the plate again, from a source you trust")


def _chunk_files(path: Path) -> Iterator[Path]:
    for place, _, files in os.walk(path):
        for name in files:
            if not name.startswith(".z") and name != "zarr.json":
                yield Path(place) / name


def _becomes_more(file: Path, most: int) -> bool:
    """Tell whether a compressed file becomes more than ``most`` bytes."""
    with file.open("rb") as stream:
        start = stream.read(32)
        if start[:4] == b"\x28\xb5\x2f\xfd":
            return _zstd_size(start) > most
        if start[:1] == b"\x02" and len(start) >= 16 and int.from_bytes(start[12:16], "little") == file.stat().st_size:  # Blosc
            return int.from_bytes(start[4:8], "little") > most
        stream.seek(0)
        if start[:3] == b"BZh":
            return _counts_more(bz2.BZ2Decompressor(), stream, most)
        if start[:6] == b"\xfd7zXZ\0":
            return _counts_more(lzma.LZMADecompressor(), stream, most)
        deflated = start[:2] == b"\x1f\x8b" or (len(start) > 2 and start[0] & 15 == 8 and (start[0] * 256 + start[1]) % 31 == 0)
        if deflated and file.stat().st_size * _MOST_RATIO > most:
            return _counts_more(zlib.decompressobj(wbits=47), stream, most)
    return False


def _zstd_size(start: bytes) -> int:
    """Return the size a Zstandard frame declares, 0 where it declares none (RFC 8878, 3.1.1)."""
    flags = start[4] if len(start) > 4 else 0
    single, width = bool(flags & 32), (0, 2, 4, 8)[flags >> 6]
    width = 1 if width == 0 and single else width
    at = 5 + (0 if single else 1) + (0, 1, 2, 4)[flags & 3]
    return int.from_bytes(start[at : at + width], "little") + (256 if width == 2 else 0)


def _counts_more(decoder: Any, stream: Any, most: int) -> bool:
    """Decode piece by piece, keeping nothing; what is no such stream after all is left to the codec."""
    total, rest = 0, b""
    try:
        while total <= most and not decoder.eof:
            data = rest or (stream.read(2**16) if getattr(decoder, "needs_input", True) else b"")
            if not data and getattr(decoder, "needs_input", True):
                return False
            total += len(decoder.decompress(data, 2**20))
            rest = getattr(decoder, "unconsumed_tail", b"")
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        return False
    return total > most
