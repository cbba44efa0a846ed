"""Refuse regular expressions whose matching time can explode.

Python's engine tries every way to divide a text between repeats. One unbounded repeat inside another, ``(a+)+``, or a
repeated choice, ``(a|ab)*``, has exponentially many ways; many ``.*`` in a row have polynomially many. Both are refused
by reading the expression once; a file name's length is limited where names are scanned.
"""

from __future__ import annotations

import re

MOST_UNBOUNDED = 8
"""Unbounded repeats an expression may hold."""

LARGE_REPEAT = 20
"""A bounded repeat {m,n} with n above this counts as unbounded."""

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?P=\w+\)|\(\?#[^)]*\)|\(|\)|\||\*|\+|\{\d*,?\d*\}|.", re.DOTALL)


def danger(expression: str) -> str:
    """Say why ``expression`` is dangerous, '' where it is not. It must compile."""
    varies = [False]  # of each open group: does it hold a repeat or a choice
    closed_varies = False  # of the group that ended just before this token
    unbounded = 0
    previous = ""
    for token in _TOKEN.findall(expression):
        quantifier = _is_quantifier(token, previous)
        if quantifier and _is_unbounded(token):
            unbounded += 1
            if closed_varies:
                return "a repeated group holds a repeat or a choice"
        closed_varies = False
        if token == "(":
            varies.append(False)
        elif token == ")":
            closed_varies = varies.pop()
            if not varies:  # a bracket in a comment of the form (?x)
                return "its brackets cannot be followed"
            varies[-1] |= closed_varies
        elif quantifier or token == "|":
            varies[-1] = True
        previous = token
    if unbounded > MOST_UNBOUNDED:
        return f"it holds {unbounded} unbounded repeats, at most {MOST_UNBOUNDED} are allowed"
    return ""


def _is_quantifier(token: str, previous: str) -> bool:
    """Tell a repeat from the ``?`` that opens a group's syntax or makes a repeat lazy."""
    if token == "?":
        return previous != "(" and not _repeats(previous)
    return _repeats(token)


def _repeats(token: str) -> bool:
    return token in ("*", "+", "?") or (len(token) > 2 and token[0] == "{")


def _is_unbounded(token: str) -> bool:
    if token in ("*", "+"):
        return True
    bounds = token.strip("{}").split(",")
    last = bounds[-1]
    return len(token) > 2 and (not last or int(last) > LARGE_REPEAT)
