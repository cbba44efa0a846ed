"""What ``coculture serve`` says before a page is served."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from coculture.cli.serve import command
from coculture.errors import MissingExtraError


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
