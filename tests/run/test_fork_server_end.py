"""A parent that is killed leaves no folder of temporary files: its fork server takes it along."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from coculture.run.executors.fork_server_end import is_ending, listening_at, remove_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

PROGRAM = """
import time
from coculture.run.executors.processes import ProcessExecutor
if __name__ == "__main__":
    assert dict(ProcessExecutor(1).results(abs, [-3])) == {-3: 3}
    print("done", flush=True)
    time.sleep(60)
"""


def test_a_killed_parent_leaves_nothing(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    with TemporaryDirectory(prefix="c") as temporary:  # a short name: sockets have at most 107 characters
        with subprocess.Popen(
            [sys.executable, str(program)],
            env=os.environ | {"TMPDIR": temporary},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as parent:
            assert parent.stdout is not None
            assert parent.stdout.readline() == b"done\n"
            assert [path.name[:5] for path in Path(temporary).iterdir()] == ["pymp-"]
            parent.kill()
        end = time.monotonic() + 30
        while list(Path(temporary).iterdir()) and time.monotonic() < end:
            time.sleep(0.02)
        assert list(Path(temporary).iterdir()) == []


def test_a_living_parent_removes_its_folder_itself_and_other_folders_are_left() -> None:
    with TemporaryDirectory(prefix="pymp-") as named, TemporaryDirectory(prefix="other-") as other:
        paths = [Path(named) / "listener", Path(other) / "listener"]
        doors = [socket.socket(socket.AF_UNIX) for _ in paths]
        for door, path in zip(doors, paths, strict=True):
            door.bind(str(path))
            door.listen()
        assert set(paths) <= set(listening_at())
        for door in doors:
            door.close()
        remove_for(os.getppid(), paths)
        assert all(path.exists() for path in paths)
        remove_for(-1, paths)
        assert not Path(named).exists()
        assert paths[1].exists()
        Path(named).mkdir()


def test_who_is_gone_is_ending() -> None:
    assert not is_ending(os.getpid())
    with subprocess.Popen(["true"]) as brief:
        pass
    assert is_ending(brief.pid)
