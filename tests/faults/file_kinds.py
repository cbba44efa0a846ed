"""Faults that strike files of a run, its clock and its memory."""

from __future__ import annotations

import os

import duckdb
from drawn_faults import Fault
from result_bytes import bytes_of
from stage import Stage

HUNGRY = ("A01", "B02", "C03", "D04")


def flip_bit(content: bytes, where: float) -> bytes:
    """Return the bytes with one bit turned over."""
    place = min(int(where * len(content)), len(content) - 1)
    return content[:place] + bytes([content[place] ^ (1 << int(where * 1000) % 8)]) + content[place + 1 :]


def finish(stage: Stage) -> None:
    assert stage.run().code == 0
    assert bytes_of(stage.results) == stage.expected


def corrupt_table(stage: Stage, fault: Fault) -> None:
    """The table of a finished well is cut or changed: that well alone is done again."""
    finish(stage)
    before = len(stage.ledger())
    table = sorted((stage.results / "cells").rglob("*.parquet"))[fault.well]
    content = table.read_bytes()
    table.write_bytes(content[: int(fault.moment * len(content))] if fault.well % 2 else flip_bit(content, fault.moment))
    stage.require_recovery()
    assert len(stage.ledger()) == before + 1


def corrupt_index(stage: Stage, fault: Fault) -> None:
    """The index is made again from the tables, and answers."""
    finish(stage)
    index = stage.results / "screen.duckdb"
    content = index.read_bytes()
    index.write_bytes(content[: int(fault.moment * len(content))] if fault.well % 2 else b"not an index" * 100)
    stage.require_recovery()
    with duckdb.connect(str(index), read_only=True) as connection:
        connection.execute(f"SET VARIABLE results = '{stage.results}/'")
        assert connection.execute("SELECT count(*) FROM wells").fetchall() == [(24,)]


def clock_back(stage: Stage, fault: Fault) -> None:
    """An image changes while the clock says that it is long ago: noticed by its bytes."""
    folder = stage.results.parent / "inputs"
    folder.mkdir()
    image = folder / "a.tif"
    image.write_bytes(b"first")
    inputs = str(folder)
    assert stage.run(inputs=inputs).code == 0
    whole = bytes_of(stage.results)
    long_ago = image.stat().st_mtime - 10 ** (1 + 7 * fault.moment)
    image.write_bytes(b"other")
    os.utime(image, (long_ago, long_ago))
    ended = stage.run(inputs=inputs)
    assert ended.code == 2
    assert "a.tif has changed since this run began" in ended.told
    image.write_bytes(b"first")
    os.utime(image, (long_ago, long_ago))
    stage.expected = whole
    stage.require_recovery(inputs=inputs)


def out_of_memory(stage: Stage, fault: Fault) -> None:
    """A well wants more than there is: it fails with its reason, the others are done, and later it is done too."""
    hungry = HUNGRY[fault.well % 4]
    ended = stage.run(hungry=[hungry], workers=1 + fault.well % 2)
    assert ended.code == 3
    assert "there was not enough memory for this well" in ended.told
    lines = stage.ledger()
    assert [hungry in line for line in lines if '"failed"' in line] == [True]
    assert len(lines) == 24
    assert not list((stage.results / "cells").rglob(f"well={hungry}.parquet"))
    stage.require_whole_files()
    stage.require_recovery()
