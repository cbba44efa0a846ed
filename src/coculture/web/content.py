"""What a well holds, in the reader's language."""

from __future__ import annotations

from coculture.plate.columns import ROLES
from coculture.report.words.numbers import dose, is_missing, text_of
from coculture.web.language import Words

SPOKEN = {"negative": "negative control", "positive": "positive control"}
"""What screens write in the place of a compound's name where a well holds a control."""


def content_in(words: Words, role: object, compound: object, amount: object, unit: object) -> str:
    """Return what a well was given: the compound with its dose, and the role where it is no treatment."""
    kind, name = text_of(role), text_of(compound)
    spoken = words(f"role.{kind}") if kind in ROLES else kind
    dosed = name and not is_missing(amount) and float(str(amount)) != 0
    parts = ["" if name in (kind, SPOKEN.get(kind)) else name, dose(amount, unit) if dosed else ""]
    what = ", ".join(part for part in parts if part)
    if kind == "treatment":
        return what or spoken
    return f"{spoken} ({what})" if what else spoken
