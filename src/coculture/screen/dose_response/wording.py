"""An EC50 in words that claim no more than the fit knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from coculture.compounds.dose_curve import is_ordinal
from coculture.screen.group_statistics import Floats
from coculture.units import label

Status = Literal["fitted", "open interval", "beyond range", "no effect", "not fitted"]


@dataclass(frozen=True)
class Statement:
    """What may be said of an EC50.

    Attributes
    ----------
    status : one word for filters.
    ec50, low, high : in the dose unit; ``ec50`` NaN where no number may be given; open limits are 0 (-inf for step) and inf.
    text : as it may be quoted.
    note : why, where it needs saying.
    """

    status: Status
    ec50: float
    low: float
    high: float
    text: str
    note: str


def ec50_statement(ec50: float, low: float, high: float, tested: Floats, unit: str, confidence: float) -> Statement:
    """Return what may be said of a fitted EC50.

    Parameters
    ----------
    ec50, low, high : estimate and limits as doses; limits 0 or -inf and inf where open.
    tested : (2,) lowest and highest tested dose.
    unit : unit of all of them.
    confidence : level of the limits.

    Notes
    -----
    An estimate outside the tested doses is not given as a number: only its bound is. For ``step`` the EC50 lies between
    two steps and is no concentration.
    """
    percent = f"{100 * confidence:g} %"
    lowest, highest = float(tested[0]), float(tested[1])
    if ec50 > highest:
        known = low if np.isfinite(low) and low > (-np.inf if is_ordinal(unit) else 0.0) else np.nan
        return _beyond("above", highest, ">", known, unit, percent, Statement("beyond range", np.nan, low, np.inf, "", ""))
    if ec50 < lowest:
        known = high if np.isfinite(high) else np.nan
        open_low = -np.inf if is_ordinal(unit) else 0.0
        return _beyond("below", lowest, "<", known, unit, percent, Statement("beyond range", np.nan, open_low, high, "", ""))
    open_low, open_high = not (np.isfinite(low) and (low > 0 or is_ordinal(unit))), not np.isfinite(high)
    where = _between(ec50, unit)
    if not open_low and not open_high:
        return Statement("fitted", ec50, low, high, f"{where}{percent}: {_plain(low)} to {_plain(high)})", "")
    if open_low and open_high:
        return Statement("open interval", ec50, low, high, f"{where}{percent}: open)", "the data do not bound the EC50")
    limit = f"> {_plain(low)}" if open_high else f"< {_plain(high)}"
    side = "above" if open_high else "below"
    note = f"the data do not bound the EC50 from {side}"
    return Statement("open interval", ec50, low, high, f"{where}{percent}: {limit})", note)


def _beyond(side: str, dose: float, sign: str, known: float, unit: str, percent: str, statement: Statement) -> Statement:
    extreme = "highest" if side == "above" else "lowest"
    if np.isfinite(known):
        text = f"{sign} {_quantity(known, unit)} ({percent})"
    else:
        text = "not bounded by the data"
    note = f"half of the effect lies {side} the {extreme} tested dose ({_quantity(dose, unit)})"
    return Statement(statement.status, statement.ec50, statement.low, statement.high, text, note)


def _between(ec50: float, unit: str) -> str:
    if not is_ordinal(unit):
        return f"{_quantity(ec50, unit)} ("
    below = int(np.floor(ec50))
    if abs(ec50 - round(ec50)) < 0.05:
        return f"at step {round(ec50)} ("
    return f"between step {below} and {below + 1} ({ec50:.2f}; "


def _quantity(dose: float, unit: str) -> str:
    return f"step {_plain(dose)}" if is_ordinal(unit) else f"{_plain(dose)} {label(unit)}"


def _plain(value: float) -> str:
    return f"{value:.3g}"
