"""Numbers a user gives: finite, and on the right side of their limits."""

from __future__ import annotations

import math

from coculture.errors import InputError


def require_number(
    value: object,
    where: str,
    *,
    above: float | None = None,
    least: float | None = None,
    most: float | None = None,
    remedy: str = "",
) -> float:
    """Return ``value`` as a float if it is finite and within its limits.

    Parameters
    ----------
    value : what was given.
    where : name of the argument, with its unit.
    above, least, most : the value must be above, not below, not above these.
    remedy : what to do; the limits are said anyway.

    Raises
    ------
    InputError : naming the argument, what was found and what is allowed.
    """
    rules = [
        f"{word} {limit:g}" for word, limit in (("above", above), ("at least", least), ("at most", most)) if limit is not None
    ]
    number = _as_float(value)
    sound = (
        number is not None
        and (above is None or number > above)
        and (least is None or number >= least)
        and (most is None or number <= most)
    )
    if number is None or not sound:
        rule = "must be a finite number" + (" " + " and ".join(rules) if rules else "")
        raise InputError(f"{rule}, found {value!r}", where, remedy)
    return number


def _as_float(value: object) -> float | None:
    """Return a finite number as a float, anything else as None; true and false are no numbers here."""
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        return None
    number = float(value)
    return number if math.isfinite(number) else None
