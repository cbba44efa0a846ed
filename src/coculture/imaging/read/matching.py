"""Match names with an expression a person wrote, in a process of its own that can be ended.

Python's engine has no limit of time, and no reading of an expression tells for sure how long it takes. A second is plenty for
thousands of names; whatever takes longer is refused.
"""

from __future__ import annotations

import json
import subprocess
import sys

from coculture.errors import InputError

SECONDS = 2.0
"""For any number of names, and ..."""

SECONDS_A_NAME = 2e-4
"""... for each of them."""

Groups = dict[str, str | None]
"""What each named group of a match holds."""

_PROGRAM = """
import json, re, sys, warnings
warnings.simplefilter("ignore")
expression, names = json.load(sys.stdin)
pattern = re.compile(expression)
found = (pattern.fullmatch(name) for name in names)
json.dump([match and match.groupdict() for match in found], sys.stdout)
"""


def matched_in_time(expression: str, names: list[str]) -> list[Groups | None]:
    """Return for each name what the groups of the expression hold, None where it does not match.

    Raises
    ------
    InputError : if it takes too long.
    """
    limit = SECONDS + SECONDS_A_NAME * len(names)
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _PROGRAM],
            input=json.dumps([expression, names]),
            capture_output=True,
            text=True,
            encoding="ascii",
            timeout=limit,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            f"{expression!r} takes more than {limit:.0f} s on {len(names)} file names, as {max(names, key=len)!r}",
            where="pattern",
            remedy="write [^_]+ or \\d+ in the place of .*, so that fewer parts of it fit the same letters",
        ) from None
    found: list[Groups | None] = json.loads(done.stdout)
    return found
