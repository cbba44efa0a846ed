"""What the property-based tests share: how many inputs hypothesis draws, texts of any script, values of any kind, TOML."""

from __future__ import annotations

import json
import math
from typing import Any

from guard import PER_DOOR
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

CAMPAIGN = PER_DOOR // 12
"""1 in CI; ``make hostile`` asks for more inputs a door, and for as many times the examples here."""


def drawn(examples: int) -> settings:
    """Return the settings of a test that draws so many examples in CI, the same ones each time.

    Inputs are files, so one example may be slow the first time a library is imported; a slow draw is no fault of what is tested.
    """
    return settings(
        max_examples=examples * max(1, CAMPAIGN),
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


TRICKY = st.sampled_from(
    (
        *("=1+1", "-0.5", "+x", "@SUM(1)", "'s", "''=", "＝1", "\t=1", "a;=1", 'a"b', "a,b", "a\nb", "a\r\nb", "a|=2", " 'x"),
        *(
            "NA",
            "nan",
            "null",
            "TRUE",
            "1-Mar",
            "0x10",
            "1,5",
            "#REF!",
            "#x",
            "黄连素",
            "當歸 (Dang Gui)",
            "α-pinene",
            "5-FU",
            "\x7f",
        ),
        *(
            "Vitamin D + Ibrutinib",
            "a 1 uM",
            "a from 5 min",
            "\u200b",
            "\u202etxt",
            "\u2028",
            "\x85",
            "\x1b[2J",
            "_x0041_",
            "\ufeff",
        ),
        *("é", "é", "ß", "ẞ", "İ", "²", "١٢", "a" * 300, "{n}", "..", "/etc/passwd", "%00", "<b>", "\0", "\x0b", "\ufffd"),
    )
)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | TRICKY
"""Any text that UTF-8 can write."""

PLAIN_NAMES = st.lists(
    st.text(st.sampled_from("abcdefgßéαβγ黄连素當歸인삼にんじんμ"), min_size=1, max_size=6), min_size=1, max_size=3
).map("-".join)
"""Names of compounds in which nothing can be taken for anything else: these have to be read."""

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from((0, -1, 1, 10**9, 2**63, 10**30, 10**400, 0.0, -0.0, 5e-324, 1e308, math.nan, math.inf, -math.inf))
    | st.floats()
    | ANY_TEXT
)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3), max_leaves=6
)
"""Values of any kind, as JSON and TOML hold them."""


def toml(value: Any) -> str:
    """Return a value as TOML on one line; what TOML does not know (null) is an empty text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text(key)} = {toml(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    return text(value or "") if value is None or isinstance(value, str) else repr(value)


def text(words: str) -> str:
    """Return a text in TOML's quotes."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_file(tree: dict[str, Any]) -> str:
    """Return a tree as the text of a TOML file, one line for each key at the top."""
    return "".join(f"{text(key)} = {toml(value)}\n" for key, value in tree.items())


def places(tree: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where there are values in a tree: the keys and numbers that lead to each, tables and lists among them."""
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    found = [(*above, key) for key, _ in pairs]
    return [*found, *(place for one in found for place in places(_at(tree, one[len(above) :]), one))]


def _at(tree: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        tree = tree[key]
    return tree


@st.composite
def spoiled(draw: st.DrawFn, valid: Any) -> Any:
    """Draw a valid tree in which one to three values are values of any kind, missing, or under another key."""
    tree = json.loads(json.dumps(valid))
    for _ in range(draw(st.integers(1, 3))):
        found = places(tree)
        if not found:
            break
        *above, last = draw(st.sampled_from(found))
        holder = _at(tree, tuple(above))
        what = draw(st.sampled_from(("value", "value", "value", "missing", "beside")))
        if what == "missing":
            del holder[last]
        elif what == "beside" and isinstance(holder, dict):
            holder[draw(ANY_TEXT)] = holder[last]
        else:
            holder[last] = draw(TREES)
    return tree
