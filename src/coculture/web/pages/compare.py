"""Two screens side by side: two runs, two seeds, or images and the virtual chip. Treatments are matched by what was dosed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from fastapi import APIRouter, Query, Request, Response
from markupsafe import Markup
from scipy.stats import spearmanr

from coculture.report import svg
from coculture.report.figures.class_plot import CLASSES
from coculture.report.records import flags
from coculture.report.scales import LinearScale, padded
from coculture.report.words.numbers import dose, significant, text_of
from coculture.web.asked import Screen, known, library_of
from coculture.web.pages.hits import compound_address
from coculture.web.rendering import page
from coculture.web.screen_folder import ScreenContents

router = APIRouter()

MATCHED_BY = ("compound", "dose", "dose_unit", "condition", "readout")
MOST_MARKS = 3_000
"""Of more treatments the largest effects of either screen are drawn."""


@dataclass(frozen=True)
class Compared:
    """One read-out in both screens.

    Attributes
    ----------
    n : treatments found in both.
    rank_correlation : Spearman's, as text; '' where fewer than three treatments are shared.
    both, first, second : treatments that are hits in both, only in the first, only in the second.
    classes : rows of the table of classes: the first screen's class, then how many of them have each class in the second.
    """

    label: str
    n: int
    rank_correlation: str
    both: int
    first: int
    second: int
    drawing: Markup
    classes: tuple[tuple[str, tuple[int, ...]], ...]


@router.get("/screens/{screen}/compare")
def compare(request: Request, screen: str, contents: Screen, other: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Compare a screen with another one."""
    others = {key: one.contents.name for key, one in library_of(request).screens().items() if key != screen}
    if not others:
        return page(request, "nothing.html.j2", screen=screen, name=contents.name, why="no_other")
    chosen = known(other, tuple(others)) if other else next(iter(others))
    second = library_of(request).screens()[chosen].contents
    kinds = CLASSES
    return page(
        request,
        "compare.html.j2",
        screen=screen,
        name=contents.name,
        others=others,
        other=chosen,
        classes=kinds,
        compared=[_compared(pairs, contents, second, screen) for pairs in _matched(contents, second)],
    )


def _matched(first: ScreenContents, second: ScreenContents) -> list[pd.DataFrame]:
    """Return for each read-out of both screens the treatments of both, its columns ending in ``_1`` and ``_2``."""
    tables = [_hits(one) for one in (first, second)]
    if any(table.empty for table in tables):
        return []
    pairs = tables[0].merge(tables[1], on=list(MATCHED_BY), suffixes=("_1", "_2"))
    named = [one.name for one in first.readouts if one.name in set(pairs["readout"])]
    return [pairs[pairs["readout"] == name] for name in named]


def _hits(contents: ScreenContents) -> pd.DataFrame:
    if not contents.has("hits"):
        return pd.DataFrame()
    table = contents.results.hits
    keys = {name: table[name].map(text_of) for name in ("compound", "dose_unit", "condition", "readout")}
    kept = table[["dose", "effect", "hit", "interaction_class"]].assign(**keys)
    kept = kept.assign(dose=kept["dose"].astype(float).round(9), hit=flags(kept["hit"]))
    return kept.drop_duplicates(list(MATCHED_BY))


def _compared(pairs: pd.DataFrame, first: ScreenContents, second: ScreenContents, screen: str) -> Compared:
    name = str(pairs["readout"].iloc[0])
    label = next(one.label for one in first.readouts if one.name == name)
    known_both = pairs[pairs["effect_1"].notna() & pairs["effect_2"].notna()]
    effects = known_both[["effect_1", "effect_2"]].to_numpy(float)
    enough = len(effects) > 2 and bool((np.ptp(effects, axis=0) > 0).all())
    kinds = pd.crosstab(pairs["interaction_class_1"].map(text_of), pairs["interaction_class_2"].map(text_of))
    kinds = kinds.reindex(index=CLASSES, columns=CLASSES, fill_value=0)
    return Compared(
        label=label,
        n=len(pairs),
        rank_correlation=significant(float(spearmanr(effects[:, 0], effects[:, 1]).statistic)) if enough else "",
        both=int((pairs["hit_1"] & pairs["hit_2"]).sum()),
        first=int((pairs["hit_1"] & ~pairs["hit_2"]).sum()),
        second=int((~pairs["hit_1"] & pairs["hit_2"]).sum()),
        drawing=_drawing(known_both, label, (first, second), screen),
        classes=tuple(
            (str(kind), tuple(int(n) for n in row)) for kind, row in zip(kinds.index, kinds.to_numpy(), strict=True) if row.sum()
        ),
    )


def _drawing(pairs: pd.DataFrame, label: str, screens: tuple[ScreenContents, ScreenContents], screen: str) -> Markup:
    """Draw the effect in one screen against that in the other; on the dashed line they are equal. A mark opens its compound."""
    if not len(pairs):
        return svg.drawing([], 10, 10, title=label)
    order = np.argsort(-np.maximum(pairs["effect_1"].abs(), pairs["effect_2"].abs()), kind="stable")[:MOST_MARKS]
    shown = pairs.iloc[order]
    ends = [padded(float(shown[one].min()), float(shown[one].max()), 0.06) for one in ("effect_1", "effect_2")]
    across, up = LinearScale(*ends[0], 60, 440), LinearScale(*ends[1], 330, 26)
    low, high = max(ends[0][0], ends[1][0]), min(ends[0][1], ends[1][1])
    parts = [svg.left_axis(up, 60, 440, screens[1].name), svg.bottom_axis(across, 330, screens[0].name)]
    if low < high:
        parts.append(svg.line(across(low), up(low), across(high), up(high), "border-line"))
    for _, row in shown.iterrows():
        name = " ".join(part for part in (row["compound"], dose(row["dose"], row["dose_unit"]), row["condition"]) if part)
        said = f"{name}: {significant(row['effect_1'])} · {significant(row['effect_2'])}"
        kind = "both" if row["hit_1"] and row["hit_2"] else "one" if row["hit_1"] or row["hit_2"] else "none"
        place = {"cx": across(row["effect_1"]), "cy": up(row["effect_2"]), "r": 3.2}
        mark = svg.element("circle", svg.element("title", said), **place, class_=f"pair-{kind}")
        parts.append(svg.element("a", mark, href=compound_address(screen, str(row["compound"])), aria_label=said))
    return svg.drawing(parts, 460, 372, title=label, description=str(len(pairs)), class_="compare", role="group")
