"""What was learnt from whole plates is used again by the next run, so it must be what the run that ended here wrote."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from coculture.store.checksums import hash_parts
from coculture.store.provenance import RUN_FILE
from coculture.store.seal import seal_holds

PREPARED = "prepared/"
ILLUMINATION = "/illumination/"


def forget_changed_preparation(results: Path) -> None:
    """Remove what was learnt from whole plates where a byte of it changed since a run ended here, so that it is learnt anew.

    Nothing else would notice: wells that are done are not done again, and the new ``run.json`` would vouch for what is there.
    """
    try:
        content = (results / RUN_FILE).read_bytes()
    except OSError:
        return
    if not seal_holds(content):
        return
    told = {name: value for name, value in json.loads(content)["outputs"].items() if _is_learnt(name)}
    if any(found != told[name] for name, found in hash_parts(results, told)):
        shutil.rmtree(results / PREPARED, ignore_errors=True)


def _is_learnt(name: str) -> bool:
    return name.startswith(PREPARED) or (name.startswith("images/") and ILLUMINATION in name)
