"""What two runs of one recipe must have in common, byte for byte."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from coculture.store.provenance import read_run_json, reproducible_part


def bytes_of(results: Path) -> dict[str, str]:
    """Return the hash of every file whose bytes a run promises, and the promised part of ``run.json``."""
    files = [path for path in results.rglob("*") if path.suffix == ".parquet" or path.name == "recipe.toml"]
    files += [path for name in ("images", "rendered") for path in (results / name).rglob("*") if path.is_file()]
    found = {path.relative_to(results).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return found | {"run.json": json.dumps(reproducible_part(read_run_json(results)))}
