"""The ledger: one JSON line per finished or failed well, appended and synced, so that a killed run can go on.

A line is written only after the files of its well lie whole on the disk. The last line may be torn by a kill; it is
cut off when the ledger is next opened for writing, and its well is done again. Where a well has several lines the last
one counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from coculture.errors import DataError, FileError

LEDGER_NAME = "ledger.jsonl"


@dataclass(frozen=True)
class LedgerLine:
    """What became of one well.

    Attributes
    ----------
    plate, well : the well.
    status : ``done``, or ``failed`` where the reason says why.
    reason : one sentence for a person; '' when done.
    trace : the last lines of the traceback of a failure that was no user's mistake; '' otherwise.
    seconds : wall time the well took.
    cpu_seconds : processor time the well took, all threads of its process.
    memory_mb : highest resident memory of the process that did it, so far.
    inputs : SHA-256 of each input file, by its name relative to the folder of images.
    outputs : SHA-256 of each file written, by its name relative to the results folder.
    folders : one SHA-256 over all files of each folder written (a well's images), by its name with a slash behind it.
    objects : of a well whose files lie in a store, the mark there of each file and folder (see ``store.object_store``).
    dates : when each input file was last written as the well was done, in seconds since the epoch.
    """

    plate: str
    well: str
    status: Literal["done", "failed"]
    reason: str = ""
    trace: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: float = 0.0
    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)
    dates: dict[str, float] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """The well, as (plate, well)."""
        return (self.plate, self.well)


def _complete_bytes(path: Path) -> bytes:
    """Return the ledger up to and with its last newline (a torn last line has none)."""
    content = path.read_bytes() if path.exists() else b""
    return content[: content.rfind(b"\n") + 1]


def _parse(line: bytes, number: int, path: Path) -> LedgerLine:
    try:
        return _checked(LedgerLine(**json.loads(line)))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            f"this line is not one of a ledger: {error}",
            f"{path}, line {number}",
            "the file was changed by hand or by another program; start over with --fresh",
        ) from error


def _checked(line: LedgerLine) -> LedgerLine:
    """Return the line if each of its values is of its kind.

    Raises
    ------
    TypeError : if one is not; no reader of a ledger has to look again.
    """
    texts = (
        line.plate,
        line.well,
        line.reason,
        line.trace,
        *line.inputs.values(),
        *line.outputs.values(),
        *line.folders.values(),
    )
    numbers = (line.seconds, line.cpu_seconds, line.memory_mb, *line.dates.values())
    sound = all(isinstance(text, str) for text in texts) and all(isinstance(number, int | float) for number in numbers)
    if not sound or line.status not in ("done", "failed"):
        raise TypeError("a value is of another kind than the ledger's")
    return line


def _lines(path: Path) -> Iterator[LedgerLine]:
    for number, line in enumerate(_complete_bytes(path).splitlines(), start=1):
        yield _parse(line, number, path)


def read_ledger(path: Path) -> dict[tuple[str, str], LedgerLine]:
    """Return the last line of each well; empty where there is no ledger yet.

    Raises
    ------
    DataError : if a line other than a torn last one cannot be read.
    """
    return {line.key: line for line in _lines(path)}


class LedgerWriter:
    """Append lines to a ledger; each is on the disk when :meth:`append` returns. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        whole = len(_complete_bytes(self._path))
        self._file = self._path.open("ab")
        self._file.truncate(whole)
        return self

    def append(self, line: LedgerLine) -> None:
        """Write one line and wait until it is on the disk.

        Raises
        ------
        FileError : if it cannot be written; the line may then be torn, and its well is done again by the next run.
        """
        try:
            self._file.write(json.dumps(asdict(line), ensure_ascii=False).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            remedy = "make room on the disk or mend your rights there, then run again: finished wells are kept"
            raise FileError(f"cannot be written: {error.strerror or error}", str(self._path), remedy) from error

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with suppress(OSError):  # what could not be written above is tried once more here
            self._file.close()


def failures(lines: Iterable[LedgerLine]) -> tuple[LedgerLine, ...]:
    """Return the failed wells among ``lines``, in the order of plate and well."""
    return tuple(sorted((line for line in lines if line.status == "failed"), key=lambda line: line.key))
