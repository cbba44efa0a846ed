"""The reasons, notes and readings that the analysis writes into tables in English, read from its code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SCREEN = Path(__file__).parents[2] / "src" / "coculture" / "screen"
WRITERS = (
    *("quality/verdict", "quality/position_effects", "hits/table", "hits/guards", "hits/count_matched", "hits/cell_count"),
    *("hits/interaction_class", "hits/single_well", "dose_response/table", "dose_response/wording", "synergy/single_agents"),
    *("synergy/combination_index", "synergy/musyc", "synergy/scores", "synergy/table", "synergy/zero_interaction"),
    *("deconvolve/designed/leave_one_out", "deconvolve/designed/analysis", "deconvolve/influence", "hits/contrasts/base"),
    "hits/contrasts/most_variable_dose",
)
"""Rooms whose sentences stand in rows that a report shows."""

SENTENCE = re.compile(r"[A-Za-z]{2,} [a-zA-Z7]")
REFUSALS = ("Column", "InputError", "DataError", "FileError", "Problem")


def written_reasons() -> Iterator[str]:
    """Yield every text of several words, 7 in the place of each number and name; no docstring, no error."""
    for name in WRITERS:
        tree = ast.parse((SCREEN / f"{name}.py").read_text(encoding="utf-8"))
        left_out = {id(one) for node in ast.walk(tree) if _no_reason(node) for one in ast.walk(node) if one is not node}
        for node in ast.walk(tree):
            text = "" if id(node) in left_out else _text(node)
            if SENTENCE.search(text):
                yield text


def _no_reason(node: ast.AST) -> bool:
    """Tell whether a node holds texts that are no reason by themselves: a docstring, an error, the parts of an f-string."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS
    return called or isinstance(node, ast.Raise | ast.JoinedStr)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "7" for one in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
