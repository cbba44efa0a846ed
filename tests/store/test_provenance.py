"""run.json: what must be equal is equal, what may differ is kept apart."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from coculture.errors import FileError, InputError
from coculture.store.checksums import hash_file
from coculture.store.provenance import (
    hash_files,
    hash_outputs,
    read_run_json,
    reproducible_part,
    versions,
    write_run_json,
)
from coculture.store.tables import table_path, write_table


def test_hashes_are_sha256_of_the_content(tmp_path: Path) -> None:
    content = bytes(range(256)) * 10_000
    (tmp_path / "b").write_bytes(content)
    (tmp_path / "a").write_bytes(b"")
    assert hash_file(tmp_path / "b") == hashlib.sha256(content).hexdigest()
    assert list(hash_files([tmp_path / "b", tmp_path / "a"], tmp_path)) == ["a", "b"]
    with pytest.raises(FileError, match="cannot be read"):
        hash_file(tmp_path / "absent")


def test_two_runs_differ_only_in_their_times(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"v": [1]}), table_path(tmp_path, "wells"))
    runs = []
    for hour in (1, 2):
        write_run_json(
            tmp_path,
            settings={"screen": {"name": "süß", "seed": 1}},
            seed=1,
            inputs={"b": "2", "a": "1"},
            outputs=hash_outputs(tmp_path),
            started=datetime(2024, 1, 1, 0, tzinfo=UTC),
            finished=datetime(2024, 1, 1, hour, tzinfo=UTC),
        )
        runs.append(read_run_json(tmp_path))
    assert runs[0] != runs[1]
    assert reproducible_part(runs[0]) == reproducible_part(runs[1])
    assert runs[1]["times"]["wall_s"] == 7200
    assert list(runs[0]["outputs"]) == ["wells.parquet"]
    assert runs[0]["settings"]["screen"]["name"] == "süß"
    assert runs[0]["versions"]["pandas"] == pd.__version__
    assert "python" in versions()


def test_errors_say_what_and_where(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"holds no run\.json"):
        read_run_json(tmp_path)
    for broken in ("{", '{"format": 99}', "[]"):
        (tmp_path / "run.json").write_text(broken)
        with pytest.raises(FileError, match=r"not readable|does not know"):
            read_run_json(tmp_path)
    for value in (tmp_path, float("nan")):
        with pytest.raises(InputError, match="cannot be written as JSON"):
            write_run_json(tmp_path, settings={"path": value}, seed=0, inputs={}, outputs={})
