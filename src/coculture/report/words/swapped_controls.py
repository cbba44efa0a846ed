"""Control wells that read like the other control: the mark of a plate map with a slip in it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from coculture.report.language import mark, say
from coculture.report.reading import Results
from coculture.report.words.numbers import count, listed, paragraph

LIMIT = 6.0
"""Distance from its own kind, in 1.4826 × median absolute deviation, beyond which a control is asked about."""

MOST_NAMED = 8
_OTHER = {"negative": "positive", "positive": "negative"}


def swapped_controls(results: Results) -> str:
    """Return a sentence that names control wells nearer to the other control than to their own, '' where there are none.

    A well is named where it lies more than :data:`LIMIT` robust standard deviations from the median of its own role on
    its plate, and nearer to the median of the other role. Half of a role may be wrong before its median moves.
    """
    primary = results.primary
    if primary is None:
        return ""
    rows = results.normalised[(results.normalised["readout"] == primary.name) & results.normalised["raw"].notna()]
    rows = rows[rows["role"].isin(tuple(_OTHER))]
    found = [place for _, plate in rows.groupby(["plate", "condition"], dropna=False) for place in _misplaced(plate)]
    return paragraph(_sentence(role, [place for other, place in found if other == role], results) for role in _OTHER)


def _misplaced(wells: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield (role, place) of the wells in question."""
    medians = wells.groupby("role")["raw"].median()
    if len(medians) < 2:
        return
    for role, group in wells.groupby("role"):
        own, other = float(medians[str(role)]), float(medians[_OTHER[str(role)]])
        apart = (group["raw"].astype(float) - own).abs()
        spread = 1.4826 * float(apart.median())
        nearer = (group["raw"].astype(float) - other).abs() < apart
        for plate, well in group.loc[nearer & (apart > LIMIT * spread), ["plate", "well"]].itertuples(index=False, name=None):
            yield str(role), f"{plate} {well}"


def _sentence(role: str, places: list[str], results: Results) -> str:
    if not places:
        return ""
    named = [place.rpartition(" ")[2] if len(results.plates) == 1 else place for place in places]
    more = [say("{n} more", n=len(named) - MOST_NAMED)] if len(named) > MOST_NAMED else []
    one = mark("{controls} ({wells}) reads like {other} controls: look whether the plate map is right there.")
    several = mark("{controls} ({wells}) read like {other} controls: look whether the plate map is right there.")
    return say(
        one if len(places) == 1 else several,
        controls=count(len(places), f"{role} control"),
        wells=listed(named[:MOST_NAMED] + more),
        other=say(_OTHER[role]),
    )
