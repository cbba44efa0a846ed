"""Where a well lies on its plate, for drawing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from coculture.errors import CocultureError
from coculture.plate.layout import Layout

_STANDARD = (6, 12, 24, 48, 96, 384, 1536)


def layout_of(settings: Mapping[str, Any], wells: pd.DataFrame) -> Layout | None:
    """Return the recipe's layout, or the smallest usual plate that holds every well; None where none does."""
    plate = settings.get("plate")
    named = plate.get("layout") if isinstance(plate, Mapping) else None
    names = sorted({str(name) for name in wells["well"]})
    for spec in ([named] if named is not None else []) + list(_STANDARD):
        try:
            layout = Layout.of(spec)
            for name in names:
                layout.position(name)
        except CocultureError:
            continue
        return layout
    return None
