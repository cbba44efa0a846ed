"""One well from beginning to end, as a worker does it: observe, write, say what became of it."""

from __future__ import annotations

import multiprocessing
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from coculture.errors import CocultureError, DataError, FileError
from coculture.run.input_files import hash_input, last_change
from coculture.run.ledger import LedgerLine
from coculture.run.lock import note_worker
from coculture.run.well_files import write_well
from coculture.sources.source import Source, WellObservation
from coculture.store.checksums import hash_folder
from coculture.store.provenance import hash_files

Well = tuple[str, str]
"""A well, as (plate, well)."""

OUT_OF_MEMORY = "there was not enough memory for this well; run again with fewer --workers or on a machine with more memory"

_noted: set[Path] = set()


@dataclass(frozen=True)
class WellTask:
    """What a worker needs to do any well. Pickled once a worker.

    Attributes
    ----------
    source : where observations come from.
    results : the results folder.
    inputs : the input files of each well, by their names relative to ``inputs_root``.
    inputs_root : folder the input names start from.
    keep_images : whether images and outlines are kept as OME-Zarr.
    is_guest : whether the worker outlives the run; it then is not noted in the results folder for good.
    """

    source: Source
    results: Path
    inputs: Mapping[Well, tuple[str, ...]] = field(default_factory=dict)
    inputs_root: Path = Path()
    keep_images: bool = False
    is_guest: bool = False

    def __call__(self, key: Well) -> LedgerLine:
        """Do one well. Whatever goes wrong with it is told in the line; nothing is raised."""
        begun, cpu_begun = time.perf_counter(), time.process_time()
        try:
            self._note_worker()
            dates = self._dated_inputs(key)
            inputs = self._hashed_inputs(key)
            seen = self.source.observe(self.results, *key)
            self._require_unchanged(key, dates)
            outputs, folders = self._write(key, seen)
            line = LedgerLine(*key, status="done", inputs=inputs, outputs=outputs, folders=folders, dates=dates)
        except CocultureError as error:
            line = LedgerLine(*key, status="failed", reason=str(error))
        except MemoryError:
            line = LedgerLine(*key, status="failed", reason=OUT_OF_MEMORY)
        except Exception as error:
            last = traceback.format_exc(limit=-6)
            line = LedgerLine(*key, status="failed", reason=f"unexpected {type(error).__name__}: {error}", trace=last)
        return _measured(line, time.perf_counter() - begun, time.process_time() - cpu_begun)

    def _note_worker(self) -> None:
        if not self.is_guest and multiprocessing.parent_process() is not None and self.results not in _noted:
            note_worker(self.results)
            _noted.add(self.results)

    def _hashed_inputs(self, key: Well) -> dict[str, str]:
        return {name: hash_input(self.inputs_root / name) for name in self.inputs.get(key, ())}

    def _dated_inputs(self, key: Well) -> dict[str, float]:
        try:
            return {name: last_change(self.inputs_root / name) for name in self.inputs.get(key, ())}
        except OSError as error:
            raise FileError(f"cannot be read: {error.strerror or error}", str(error.filename), "put the image back") from error

    def _require_unchanged(self, key: Well, dates: Mapping[str, float]) -> None:
        changed = [name for name, date in self._dated_inputs(key).items() if date != dates[name]]
        if changed:
            what = "the image was written to while it was being read"
            raise DataError(what, ", ".join(changed), "run again when the images are no longer being written")

    def _write(self, key: Well, seen: WellObservation) -> tuple[dict[str, str], dict[str, str]]:
        """Write all there is of a well; return the checksums of its files and of its folder of images."""
        folders: dict[str, str] = {}
        written = [*write_well(self.results, *key, seen), *seen.written]
        if self.keep_images and seen.images:
            from coculture.run.image_plates import write_images

            marker = write_images(self.results, *key, seen.images)
            written.append(marker)
            folders[f"{marker.parent.relative_to(self.results).as_posix()}/"] = hash_folder(marker.parent)
        return hash_files(written, self.results), folders


def _measured(line: LedgerLine, seconds: float, cpu_seconds: float) -> LedgerLine:
    """Return the line with what the well cost."""
    return replace(line, seconds=round(seconds, 3), cpu_seconds=round(cpu_seconds, 3), memory_mb=round(_peak_memory_mb(), 1))


def _peak_memory_mb() -> float:
    """Return the highest resident memory this process has had, in MB."""
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
