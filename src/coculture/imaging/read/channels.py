"""Which of the files' channels is which of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping

from coculture.errors import InputError, Problem

_NUMBERED = re.compile(r"[A-Za-z]*0*(\d+)")


def match_channels(wanted: Mapping[str, str], counts: Mapping[str, int], names: Mapping[str, str]) -> dict[str, str]:
    """Return, per value in the files, our name of the channel.

    A wanted value agrees with a file's value if they are the same but for capitals, if it is the channel's name in the
    file's metadata, or if one is a bare number and the other a prefix and that number ('1', 'w1', 'C01').

    Parameters
    ----------
    wanted : our name → value.
    counts : value in the files → number of images that have it.
    names : value in the files → name in the metadata.

    Raises
    ------
    InputError : if a channel is nowhere, in two places, or two of ours mean the same one. All are reported at once.
    """
    found: dict[str, str] = {}
    problems = []
    for ours, value in wanted.items():
        agreeing = [candidate for candidate in counts if _same(value, candidate, names.get(candidate, ""))]
        agreeing = agreeing or [candidate for candidate in counts if _same_number(value, candidate)]
        where = f"channel {ours!r}"
        if not agreeing:
            problems.append(Problem(f"no image has the channel {value!r}", where, f"the images have {_listing(counts, names)}"))
        elif len(agreeing) > 1:
            problems.append(
                Problem(f"{value!r} may mean {' or '.join(map(repr, agreeing))}", where, "write the value as in the file's name")
            )
        elif agreeing[0] in found:
            problems.append(
                Problem(f"it is the same channel as {found[agreeing[0]]!r}", where, "give each channel its own value")
            )
        else:
            found[agreeing[0]] = ours
    if problems:
        raise InputError(problems)
    return found


def _same(value: str, candidate: str, name: str) -> bool:
    return value.casefold() in (candidate.casefold(), name.casefold() or None)


def _same_number(value: str, candidate: str) -> bool:
    one, other = _NUMBERED.fullmatch(value), _NUMBERED.fullmatch(candidate)
    if one is None or other is None or not (value.isdecimal() or candidate.isdecimal()):
        return False
    return int(one[1]) == int(other[1])


def _listing(counts: Mapping[str, int], names: Mapping[str, str]) -> str:
    shown = [f"{value!r}{f' ({names[value]})' if value in names else ''}: {count}" for value, count in list(counts.items())[:12]]
    more = f" and {len(counts) - 12} more" if len(counts) > 12 else ""
    return ", ".join(shown) + more
