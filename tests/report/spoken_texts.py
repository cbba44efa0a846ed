"""Every text that report and workbench say by ``say``, ``mark``, ``count`` and ``counted``, read from code and templates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

PACKAGE = Path(__file__).parents[2] / "src" / "coculture"
ROOMS = (PACKAGE / "report", PACKAGE / "web")
SAID, COUNTED = ("say", "mark"), {"count": 1, "counted": 0}


def spoken_texts() -> dict[str, str]:
    """Return English text -> one file that says it."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for path in sorted(room.rglob("*.py")):
            found |= dict.fromkeys(_in_code(path), str(path.relative_to(PACKAGE)))
        for path in sorted(room.rglob("*.j2")):
            found |= dict.fromkeys(_in_template(path), str(path.relative_to(PACKAGE)))
    return found


def _in_code(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name, texts = node.func.id, [one.value if isinstance(one, ast.Constant) else None for one in node.args]
        if name in SAID and texts and isinstance(texts[0], str) and texts[0]:
            yield texts[0]
        place = COUNTED.get(name)
        if place is not None and len(texts) > place and isinstance(texts[place], str):
            yield f"{{n}} {texts[place]}"


def _in_template(path: Path) -> Iterator[str]:
    for call in Environment(trim_blocks=True).parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "say":
            for one in call.args:
                if isinstance(one, nodes.Const):
                    yield str(one.value)
