"""Arrays in the Zarr v3 format, one shard file for everything but the time axis.

A shard holds the compressed chunks of an array one behind the other, each with its CRC-32C (codec ``crc32c`` 1.0) so that no
reader takes a damaged one for a picture, then an index of their offsets and lengths, then the index's own CRC-32C (Zarr
specification v3, codec ``sharding_indexed`` 1.0). Written here directly, a small field costs two files
a level and no more time than its compression; `benchmarks/ome_zarr_writing.py` compares the libraries. Same pixels, same bytes.
Chunks divide the image evenly, so that no padding is stored.
"""

from __future__ import annotations

import json
from math import ceil
from pathlib import Path
from typing import Any, Literal

import imagecodecs
import numpy as np
from google_crc32c import value as crc32c
from numpy.typing import NDArray

from coculture.errors import InputError

Content = Literal["intensity", "labels"]

CHUNK = 512
"""A chunk is at most this many pixels high and wide."""

_DTYPES = ("uint8", "uint16", "uint32", "int8", "int16", "int32", "float32", "float64")
_ABSENT = 2**64 - 1


def write_array(folder: Path, values: NDArray[Any], axes: str, content: Content) -> None:
    """Write ``values`` as a Zarr v3 array into the new folder ``folder``.

    Parameters
    ----------
    folder : the array's folder; its parents are made.
    values : any shape whose last two axes are y and x.
    axes : one letter an axis (``tcyx``); every time point becomes a shard of its own.
    content : ``intensity`` (bit-shuffled, Blosc-Zstandard) or ``labels`` (Zstandard).

    Raises
    ------
    InputError : if the type of the values has no place here.
    """
    in_time = axes[0] == "t"
    times = values.shape[0] if in_time else None
    array = ArrayInTime(folder, values.shape[in_time:], values.dtype, axes, content, times)
    for index in range(times or 1):
        array.write(values[index] if in_time else values, index)


class ArrayInTime:
    """A Zarr v3 array that is written one time point after the other, so that a long series need not be held whole.

    Parameters
    ----------
    folder : the array's folder; its parents are made.
    shape, dtype : of one time point; the last two axes are y and x.
    axes, content : as for :func:`write_array`.
    times : number of time points; None: the array has no time axis.

    Raises
    ------
    InputError : if the type of the values has no place here.
    """

    def __init__(
        self, folder: Path, shape: tuple[int, ...], dtype: np.dtype[Any], axes: str, content: Content, times: int | None
    ) -> None:
        if dtype.name not in _DTYPES:
            raise InputError(f"images of type {dtype} cannot be stored", where=str(folder), remedy="use: " + ", ".join(_DTYPES))
        lead = () if times is None else (1,)
        self._chunk = lead + (1,) * (len(shape) - 2) + tuple(_even_chunk(size) for size in shape[-2:])
        self._counts = lead + tuple(ceil(size / step) for size, step in zip(shape, self._chunk[len(lead) :], strict=True))
        self._dtype, self._folder, self._axes, self._content, self._in_time = dtype, folder, axes, content, bool(lead)
        whole = shape if times is None else (times, *shape)
        write_document(folder, _array_document(whole, dtype, axes, content, self._chunk, self._counts))

    def write(self, values: NDArray[Any], index: int = 0) -> None:
        """Write one time point, each once."""
        ordered = np.ascontiguousarray(values, self._dtype.newbyteorder("<"))
        part = ordered[None] if self._in_time else ordered
        path = self._folder.joinpath("c", *(str(index if axis == "t" else 0) for axis in self._axes))
        path.parent.mkdir(parents=True)
        path.write_bytes(_shard(part, self._chunk, self._counts, self._content))


def write_document(folder: Path, document: dict[str, Any]) -> None:
    """Write ``document`` as the ``zarr.json`` of the node ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "zarr.json").write_bytes(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False).encode())


def group_document(attributes: dict[str, Any]) -> dict[str, Any]:
    """Return the ``zarr.json`` of a group."""
    return {"zarr_format": 3, "node_type": "group", "attributes": attributes}


def _even_chunk(size: int) -> int:
    return ceil(size / ceil(size / CHUNK))


def _array_document(
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    axes: str,
    content: Content,
    chunk: tuple[int, ...],
    shard_counts: tuple[int, ...],
) -> dict[str, Any]:
    little = {"name": "bytes", "configuration": {"endian": "little"}}
    inner = {"name": "bytes"} if dtype.itemsize == 1 else little
    sharding = {
        "chunk_shape": list(chunk),
        "codecs": [inner, _codec_document(dtype.itemsize, content), {"name": "crc32c"}],
        "index_codecs": [little, {"name": "crc32c"}],
        "index_location": "end",
    }
    shard_shape = [count * step for count, step in zip(shard_counts, chunk, strict=True)]
    return {
        "zarr_format": 3,
        "node_type": "array",
        "shape": list(shape),
        "data_type": dtype.name,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": shard_shape}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "fill_value": 0.0 if dtype.kind == "f" else 0,
        "codecs": [{"name": "sharding_indexed", "configuration": sharding}],
        "dimension_names": list(axes),
        "attributes": {},
    }


def _codec_document(itemsize: int, content: Content) -> dict[str, Any]:
    if content == "labels":
        return {"name": "zstd", "configuration": {"level": 1, "checksum": False}}
    blosc = {"cname": "zstd", "clevel": 1, "shuffle": "bitshuffle", "typesize": itemsize, "blocksize": 0}
    return {"name": "blosc", "configuration": blosc}


def _compressed(chunk: NDArray[Any], content: Content) -> bytes:
    raw = chunk.tobytes()
    if content == "labels":
        return bytes(imagecodecs.zstd_encode(raw, level=1))
    return bytes(  # one thread: with more, the order of blocks in the result is not fixed
        imagecodecs.blosc_encode(raw, level=1, compressor="zstd", shuffle="bitshuffle", typesize=chunk.itemsize, numthreads=1)
    )


def _shard(values: NDArray[Any], chunk: tuple[int, ...], counts: tuple[int, ...], content: Content) -> bytes:
    """Return the shard that holds ``values``; chunks of zeros only are left out."""
    pieces: list[bytes] = []
    index = np.full((int(np.prod(counts)), 2), _ABSENT, dtype="<u8")
    offset = 0
    for number, place in enumerate(np.ndindex(counts)):
        piece = values[tuple(slice(i * step, (i + 1) * step) for i, step in zip(place, chunk, strict=True))]
        if not piece.any():
            continue
        if piece.shape != chunk:
            missing = [(0, step - size) for step, size in zip(chunk, piece.shape, strict=True)]
            piece = np.pad(piece, missing)
        pieces.append(_with_checksum(_compressed(piece, content)))
        index[number] = offset, len(pieces[-1])
        offset += len(pieces[-1])
    return b"".join([*pieces, _with_checksum(index.tobytes())])


def _with_checksum(content: bytes) -> bytes:
    return content + int(crc32c(content)).to_bytes(4, "little")
