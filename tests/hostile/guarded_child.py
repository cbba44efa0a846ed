"""The process in which hostile input is read: orders come in on stdin, one JSON line each, answers go out on a pipe.

An order is {"door", "path"}. Imports and compiled kernels are paid for once. Memory is measured by the kernel's high-water
mark, which is set back before each input; a limit on the address space ends what would take the whole machine. The parent
(``guard.py``) ends this process where an answer is overdue. Warnings count as failures: a program that warns of a number
has gone on with it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import traceback
import unicodedata
import warnings
from pathlib import Path
from typing import Any, TextIO

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from door import Door, all_doors  # noqa: E402

from coculture.errors import CocultureError  # noqa: E402

MOST_MEMORY_MB = 1000
ADDRESS_SPACE_MB = 6000
"""Above what is taken at the start: address space is not memory, and threads and maps take much of it."""


def _memory_mb(name: str) -> float:
    status = Path("/proc/self/status").read_text()
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(name)), 0.0)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _refusal(error: CocultureError) -> tuple[str, str]:
    """A refusal says what is wrong, in words that a terminal can show, and not in thousands of lines."""
    told = str(error)
    if not all(problem.what.strip() for problem in error.problems) or not error.problems:
        return "failed", f"a refusal without words: {told!r}"
    if len(told) > 20_000:
        return "failed", f"a refusal of {len(told)} characters: {told[:2000]}"
    odd = {one for one in told if one not in "\n\t" and unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    if odd:
        return "failed", f"a refusal with characters that a terminal obeys or hides ({sorted(odd)!r}): {told[:2000]!r}"
    return "refused", told


def _outcome(door: Door, path: Path) -> tuple[str, str]:
    try:
        return "accepted", door.read(path)
    except CocultureError as error:
        return _refusal(error)
    except BaseException:
        return "failed", traceback.format_exc(limit=-12)


def answer(door: Door, path: Path) -> dict[str, Any]:
    """Let the door read the file, and tell how it went."""
    _forget_peak()
    before, began = _memory_mb("VmRSS"), time.process_time()
    outcome, told = _outcome(door, path)
    seconds, memory = time.process_time() - began, max(0.0, _memory_mb("VmHWM") - before)
    if outcome != "failed" and memory > MOST_MEMORY_MB:
        outcome, told = "failed", f"{memory:.0f} MB of memory, then {outcome}: {told[:500]}"
    return {"outcome": outcome, "told": told, "seconds": seconds, "memory_mb": memory}


def serve(doors: dict[str, Door], orders: TextIO, answers: TextIO) -> None:
    """Answer orders until there are no more."""
    warnings.simplefilter("error")
    space = int((_memory_mb("VmSize") + ADDRESS_SPACE_MB) * 2**20)
    resource.setrlimit(resource.RLIMIT_AS, (space, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in orders:
        order = json.loads(line)
        os.chdir(Path(order["path"]).parent)
        print(json.dumps(answer(doors[order["door"]], Path(order["path"]))), file=answers, flush=True)


if __name__ == "__main__":
    serve(all_doors(sys.argv[2:]), sys.stdin, os.fdopen(int(sys.argv[1]), "w", encoding="utf-8"))
