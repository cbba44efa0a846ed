"""Numbers as a person reads them: few digits, a true minus sign, no false precision."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from coculture import units
from coculture.report.language import language, say, texts

MINUS = "\u2212"
THIN = "\u202f"
MISSING = "–"
_HYPHEN = re.compile(r"(?<![\w)\]–-])-(?=\d)")


def is_missing(value: object) -> bool:
    """Tell whether ``value`` is no number: None, NaN or a table's missing value."""
    if value is None:
        return True
    try:
        return math.isnan(float(value))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return True


def text_of(value: object) -> str:
    """Return a table's text, '' where it is missing."""
    return "" if value is None or value != value else str(value)


def typeset(text: str) -> str:
    """Return a sentence with true minus signs before its numbers."""
    return _HYPHEN.sub(MINUS, text)


def real(value: object) -> float | None:
    """Return a table's number, None where it is missing or infinite."""
    if is_missing(value) or math.isinf(float(value)):  # type: ignore[arg-type]
        return None
    return float(value)  # type: ignore[arg-type]


def significant(value: object, digits: int = 3) -> str:
    """Return the value to ``digits`` significant digits, '–' where it is missing; powers of ten far from 1."""
    if is_missing(value):
        return MISSING
    amount = float(value)  # type: ignore[arg-type]
    if amount == 0:
        return "0"
    if math.isinf(amount):
        return "∞" if amount > 0 else f"{MINUS}∞"
    exponent = math.floor(math.log10(abs(amount)))
    if exponent < -4 or exponent >= 6:
        return scientific(amount, digits)
    decimals = max(digits - 1 - exponent, 0)
    return _signed(f"{amount:,.{decimals}f}")


def fixed(value: object, decimals: int) -> str:
    """Return the value with a fixed number of decimals, '–' where it is missing."""
    return MISSING if is_missing(value) else _signed(f"{float(value):,.{decimals}f}")  # type: ignore[arg-type]


def plain(value: float, step: float) -> str:
    """Return a tick's value with the decimals its axis step needs."""
    if abs(value) < step * 1e-9:
        return "0"
    if abs(value) >= 1e5 or step < 1e-4:
        return scientific(value, 2)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if abs(round(step, decimals) - step) > 1e-9 * step:
        decimals += 1
    return _signed(f"{value:,.{decimals}f}")


def scientific(value: float, digits: int = 2) -> str:
    """Return ``2.1 × 10⁻⁵``."""
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return _signed(f"{mantissa} × 10{raised}")


def decimals_for(values: Iterable[object], digits: int = 3) -> int | None:
    """Return the decimals with which the largest of ``values`` has ``digits`` significant ones; None where none fit."""
    known = [abs(float(v)) for v in values if not is_missing(v) and math.isfinite(float(v))]  # type: ignore[arg-type]
    largest = max(known, default=0.0)
    if largest == 0:
        return 0
    exponent = math.floor(math.log10(largest))
    return None if exponent < -4 or exponent >= 6 else max(digits - 1 - exponent, 0)


def same_decimals(*values: object, digits: int = 3) -> list[str]:
    """Return the values with one number of decimals, enough for the largest to have ``digits`` significant digits."""
    decimals = decimals_for(values, digits)
    return [significant(value, digits) if decimals is None else fixed(value, decimals) for value in values]


def percent(share: object, decimals: int = 0) -> str:
    """Return a share (0 to 1) in per cent, ``12 %``."""
    return MISSING if is_missing(share) else f"{fixed(float(share) * 100, decimals)}{THIN}%"  # type: ignore[arg-type]


def in_percent(value: object, decimals: int = 0) -> str:
    """Return a number that is in per cent already, ``98 %``."""
    return MISSING if is_missing(value) else f"{fixed(value, decimals)}{THIN}%"


def chance(value: object) -> str:
    """Return a p or q value: three digits down to 0.001, then a power of ten."""
    if is_missing(value):
        return MISSING
    amount = float(value)  # type: ignore[arg-type]
    if amount >= 0.001:
        return fixed(amount, 3) if amount < 0.1 else fixed(amount, 2)
    return "< 10⁻¹⁵" if amount < 1e-15 else scientific(amount, 2)


def count(amount: int, singular: str, plural: str = "") -> str:
    """Return ``1 plate``, ``3 plates``; in a language without plurals what it has for ``{n} plate``."""
    translated = texts(language()).get(f"{{n}} {singular}")
    if translated is not None:
        return translated.format(n=f"{amount:,}")
    return f"{amount:,} {singular if amount == 1 else plural or singular + 's'}"


def counted(singular: str) -> str:
    """Return ``singular`` as it is: a noun that is counted later, by a variable, so that the catalogues know it."""
    return singular


def paragraph(parts: Iterable[str]) -> str:
    """Return sentences one after another, with a blank between them where the language has one."""
    return say(" ").join(part for part in parts if part)


def span(low: str, high: str) -> str:
    """Return two ends in words: ``3 to 5``."""
    return say("{low} to {high}", low=low, high=high)


def listed(items: list[str]) -> str:
    """Return ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return say("{first} and {last}", first=say(", ").join(items[:-1]), last=items[-1])


def short(value: object, digits: int = 4) -> str:
    """Return the value without closing zeros: ``7``, ``0.15``; for doses and lengths that are known exactly."""
    text = significant(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text and "×" not in text else text


def quoted(label: str) -> str:
    """Return a read-out's name in quotation marks, so that any name fits into a sentence."""
    return say("“{label}”", label=label)


def sentence_case(text: str) -> str:
    """Return ``text`` with a capital first letter; the rest is kept, so that names stay names."""
    return text[:1].upper() + text[1:]


def dose(value: object, unit: object) -> str:
    """Return a dose with its unit as a person reads it: ``0.15 µM``, ``step 4``; '' for none."""
    if is_missing(value):
        return ""
    name = "" if unit is None or unit != unit else str(unit)
    if name == "step":
        return say("step {value}", value=short(value))
    return f"{short(value)} {units.label(name)}".strip()


def _signed(text: str) -> str:
    if text.startswith("-"):
        return text[1:] if not text.strip("-0.,") else MINUS + text[1:]
    return text
