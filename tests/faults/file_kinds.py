"""Faults that strike files of a run, its clock and its memory."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

import duckdb
import numpy as np
from drawn_faults import Fault
from result_bytes import bytes_of
from stage import MADE_UP_WELLS, Stage
from viewers import reported, shown

from coculture.errors import FileError
from coculture.store.images.field import FieldImages
from coculture.store.images.plate import plate_images_path
from coculture.store.images.reading import read_field
from coculture.store.tables import read_table

LONG_S = 86_400.0


def flip_bit(content: bytes, where: float) -> bytes:
    """Return the bytes with one bit turned over."""
    place = min(int(where * len(content)), len(content) - 1)
    return content[:place] + bytes([content[place] ^ (1 << int(where * 1000) % 8)]) + content[place + 1 :]


def damage(path: Path, fault: Fault) -> None:
    """Cut the file off or turn a bit of it over, as a bad disk does: without changing its date."""
    content, dates = path.read_bytes(), path.stat()
    path.write_bytes(content[: int(fault.moment * len(content))] if fault.well % 2 else flip_bit(content, fault.moment))
    os.utime(path, ns=(dates.st_atime_ns, dates.st_mtime_ns))


def corrupt_table(stage: Stage, fault: Fault) -> None:
    """The table of a finished well is cut or changed: nothing wrong is read of it, and that well alone is done again."""
    stage.finish()
    table = sorted((stage.results / "cells").rglob("*.parquet"))[fault.well]
    whole = read_table(table).select_dtypes("number").to_numpy()
    damage(table, fault)
    with suppress(FileError):
        np.testing.assert_array_equal(read_table(table).select_dtypes("number").to_numpy(), whole)
    stage.require_recovery(again=frozenset({table.stem.removeprefix("well=")}))


def corrupt_index(stage: Stage, fault: Fault) -> None:
    """The index is made again from the tables and answers; report and pages need none of it."""
    stage.finish()
    index = stage.results / "screen.duckdb"
    content = index.read_bytes()
    index.write_bytes(content[: int(fault.moment * len(content))] if fault.well % 2 else b"not an index" * 100)
    assert reported(stage.results) == ""
    assert shown(stage.results, "plate/P1")[0] == 200
    stage.require_recovery()
    with duckdb.connect(str(index), read_only=True) as connection:
        connection.execute(f"SET VARIABLE results = '{stage.results}/'")
        assert connection.execute("SELECT count(*) FROM wells").fetchall() == [(24,)]


def corrupt_chunk(stage: Stage, fault: Fault) -> None:
    """A kept image is cut, changed or lost: nothing wrong is shown of it, and that well alone is done again."""
    stage.finish()
    well = MADE_UP_WELLS[2 * fault.well]
    plate = plate_images_path(stage.results, "P1")
    whole = read_field(plate, well, 1)
    chunks = sorted(path for path in (plate / well[0] / well[1:] / "1").rglob("c/**/*") if path.is_file())
    chunk = chunks[int(fault.moment * 10) % len(chunks)]
    chunk.unlink() if fault.well % 3 == 0 else damage(chunk, fault)
    told = _told_of_field(plate, well, whole)
    assert told == "" or ("damaged" in told and str(plate) in told), told
    for page in ("tile", "outline"):
        code, told = shown(stage.results, f"plate/P1/well/{well}/{page}/1/0/0/0/0.png{'?name=nuclei' * (page == 'outline')}")
        assert code == 200 or (code == 422 and "damaged" in told), told
    told = reported(stage.results)
    assert told == "" or ("damaged" in told and "run the screen again" in told), told
    stage.require_recovery(again=frozenset({well}))


def _told_of_field(plate: Path, well: str, whole: FieldImages) -> str:
    """Read a field again, which must be as it was; return what was told where it cannot be read."""
    try:
        seen = read_field(plate, well, 1)
    except FileError as error:
        return str(error)
    assert (seen.pixels == whole.pixels).all()
    assert all((seen.labels[name] == whole.labels[name]).all() for name in whole.labels)
    return ""


def clock_back(stage: Stage, fault: Fault) -> None:
    """The clock is set back while a run stands still; an image that changes then is noticed by its bytes."""
    folder = stage.results.parent / "inputs"
    folder.mkdir()
    image, inputs = folder / "a.tif", str(folder)
    image.write_bytes(b"first")
    well = MADE_UP_WELLS[12 + fault.well]

    def strike(child: int) -> None:
        stage.process_holding(well)
        os.kill(child, signal.SIGKILL)

    assert stage.run(strike, inputs=inputs, held=[well]).code == -signal.SIGKILL
    back_s = LONG_S * 10 ** (4 * fault.moment - 2)
    earlier = image.stat().st_mtime - back_s
    image.write_bytes(b"other")
    os.utime(image, (earlier, earlier))
    ended = stage.run(inputs=inputs, clock_back_s=back_s)
    assert ended.code == 2
    assert "a.tif has changed since this run began" in ended.told
    image.write_bytes(b"first")
    os.utime(image, (earlier, earlier))
    stage.expected = _with_inputs(stage, inputs)
    stage.require_recovery(inputs=inputs, clock_back_s=back_s)


def _with_inputs(stage: Stage, inputs: str) -> dict[str, str]:
    """Return the bytes of an undisturbed run that has an image among its inputs."""
    undisturbed = stage.results.parent / "undisturbed"
    assert stage.driver.run(undisturbed, inputs=inputs).code == 0
    return bytes_of(undisturbed)


def out_of_memory(stage: Stage, fault: Fault) -> None:
    """A well wants more than there is: it fails with its reason, the others are done, and later it is done too.

    Memory ends either in an allocation that is refused, or by the system killing the worker each time it is tried.
    """
    well = MADE_UP_WELLS[2 * fault.well]
    if fault.moment < 0.5:
        ended, reason = stage.run(hungry=[well], workers=1 + fault.well % 2), "there was not enough memory for this well"
    else:
        ended, reason = stage.run(deadly=[well], workers=2), "the worker process died twice on it: out of memory"
    assert ended.code == 3
    assert reason in ended.told
    assert well in ended.told
    assert stage.wells("failed") == {well}
    assert stage.wells("done") == set(MADE_UP_WELLS) - {well}
    assert not list(stage.results.rglob(f"well={well}.*"))
    stage.require_whole_files()
    stage.require_recovery()
