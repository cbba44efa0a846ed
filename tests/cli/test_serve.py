"""What ``coculture serve`` says before a page is served."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pandas as pd
import pytest
from click.testing import CliRunner

from coculture.cli.serve import command, listening
from coculture.errors import InputError, MissingExtraError
from coculture.store.tables import write_table


@pytest.fixture
def screen(tmp_path: Path) -> Path:
    """Return the least folder that counts as results."""
    wells = {"plate": ["P1"], "well": ["A01"], "role": ["treatment"], "compound": ["a"], "dose": [1.0], "dose_unit": ["uM"]}
    (tmp_path / "a table").mkdir()
    write_table(pd.DataFrame(wells), tmp_path / "a table" / "wells.parquet")
    return tmp_path / "a table"


@pytest.mark.parametrize("library", ["fastapi", "uvicorn"])
def test_a_missing_library_is_named_with_the_command_that_brings_it(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name == library or name.startswith((f"{library}.", "coculture.web"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    result = CliRunner().invoke(command, [str(tmp_path)])
    assert isinstance(result.exception, MissingExtraError)
    assert f"the workbench needs the library '{library}'" in str(result.exception)
    assert "pip install 'coculture[web]'" in str(result.exception)


def test_another_address_without_a_token_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(tmp_path), "--host", "0.0.0.0"])
    assert "there is no token" in str(result.exception)


def test_a_port_that_the_system_chose_is_told_and_answers(screen: Path) -> None:
    command_line = [sys.executable, "-c", "from coculture.cli import main; main()", "serve", str(screen), "--port", "0"]
    with subprocess.Popen(command_line, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            told = re.search(r"http://127\.0\.0\.1:(\d+)/", server.stdout.readline())
            assert told is not None
            assert told[1] != "0"
            with urlopen(f"http://127.0.0.1:{told[1]}/", timeout=60) as answer:
                assert "table" in answer.read().decode()
        finally:
            server.terminate()


def test_a_port_that_is_taken_is_told() -> None:
    with listening("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        with pytest.raises(InputError, match=rf"cannot bind to 127\.0\.0\.1:{port}: .*\n.*choose another port"):
            listening("127.0.0.1", port)
