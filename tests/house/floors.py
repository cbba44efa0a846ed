"""Check the floors of the house: `.importlinter`, less the rooms that are not built yet.

The contracts are written down whole. import-linter refuses a contract that names a module which does not exist, so
this script takes the absent rooms out of the contracts before it runs the linter, and says which. A room in brackets
(optional) that exists by now is an error: the brackets must go.

Run as ``python tests/house/floors.py``; the exit status is the linter's.
"""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"


def exists(module: str) -> bool:
    """Tell whether ``module`` (dotted, wildcards allowed) is there."""
    if "*" in module or not module.startswith("coculture"):
        return True
    path = SOURCE / module.replace(".", "/")
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def needless_brackets(text: str) -> list[str]:
    """Return the rooms marked optional that exist."""
    return [module for module in re.findall(r"\((coculture[\w.]*)\)", text) if exists(module)]


def present_contracts(text: str) -> tuple[str, list[str]]:
    """Return the configuration without absent modules, and what was taken out."""
    config = configparser.ConfigParser()
    config.read_string(text)
    absent: list[str] = []
    for section in config.sections():
        for key in ("modules", "source_modules", "forbidden_modules"):
            if not config.has_option(section, key):
                continue
            modules = config.get(section, key).split()
            absent += [module for module in modules if not exists(module)]
            config.set(section, key, "\n" + "\n".join(module for module in modules if exists(module)))
        if config.get(section, "type", fallback="") == "independence" and len(config.get(section, "modules").split()) < 2:
            config.remove_section(section)
    with tempfile.TemporaryFile("w+") as handle:
        config.write(handle)
        handle.seek(0)
        return handle.read(), sorted(set(absent))


def main() -> int:
    """Run the linter on what is built."""
    text = (ROOT / ".importlinter").read_text()
    if needless := needless_brackets(text):
        print("these rooms exist: take their brackets away in .importlinter: " + ", ".join(needless))
        return 1
    contracts, absent = present_contracts(text)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "importlinter.ini"
        path.write_text(contracts)
        lint = Path(sys.executable).with_name("lint-imports")
        done = subprocess.run([lint, "--config", path, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout + done.stderr)
    print("not built yet, left out of the contracts: " + (", ".join(absent) or "nothing"))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
