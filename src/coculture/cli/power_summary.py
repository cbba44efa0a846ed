"""What a person reads at the end of a power calculation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from coculture.run.power.study import PowerStudy

ENOUGH = 0.8


def power_summary(study: PowerStudy) -> str:
    """Return the outcome in a few lines: the screen, and for each read-out power, replicates needed, densities, false calls."""
    facts = study.facts
    lines = [
        f"Screen:  {facts['treatments']} treatments of {facts['own_replicates']} wells, {facts['negatives']} negative controls",
        f"Effect:  {facts['effect']}; sizes are {facts['sizes_are']}",
        f"Drawn:   {facts['screens']} screens of each kind from {facts['pilot_wells']} wells ({facts['wells']})",
    ]
    for readout in dict.fromkeys(study.power["readout"]):
        lines += [str(readout) + (" (primary)" if readout == facts["primary"] else ""), *_of_readout(study, str(readout))]
    lines += [f"Note:    {note}" for note in study.notes]
    return "\n".join(lines)


def _of_readout(study: PowerStudy, readout: str) -> Iterator[str]:
    power, own = study.power[study.power["readout"] == readout], study.facts["own_replicates"]
    densities = study.densities[study.densities["readout"] == readout]
    density = _nearest_to_one(densities)
    here = power[power["density"] == density]
    for size in sorted(set(here["size"]), reverse=True):
        rows = here[here["size"] == size].sort_values("replicates")
        enough = rows.loc[rows["power"] >= ENOUGH, "replicates"]
        needed = (
            f"≥ {ENOUGH:.0%} from {enough.iloc[0]} wells on"
            if len(enough)
            else f"{ENOUGH:.0%} not reached with {rows['replicates'].max()} wells"
        )
        mine = rows[rows["replicates"] == own].iloc[0]
        share = f"{mine.power:.0%} ({mine.power_low:.0%} to {mine.power_high:.0%})"
        yield f"  size {size:g}: power {share} with {own} wells; {needed}"
    yield f"  {informative_range(densities)}"
    level = study.level[(study.level["readout"] == readout) & (study.level["density"] == density)].iloc[0]
    share = f"{level.share_with_call:.0%} ({level.share_low:.0%} to {level.share_high:.0%})"
    yield f"  without any effect: a call in {share} of screens, false discovery rate asked {study.facts['fdr']:.0%}"


def _nearest_to_one(densities: pd.DataFrame) -> float:
    return float(min(densities["density"], key=lambda value: abs(value - 1.0)))


def informative_range(densities: pd.DataFrame) -> str:
    """Return the densities at which a read-out is informative, in words."""
    good = densities[densities["informative"]]
    looked = ", ".join(f"{cells:g}" for cells in densities["cells_per_well"])
    if good.empty:
        return f"for this effect informative at none of the densities looked at ({looked} cells a well)"
    if len(good) == len(densities) > 1:
        return f"for this effect informative at all densities looked at: {looked} cells a well"
    return (
        f"for this effect informative at {', '.join(f'{cells:g}' for cells in good['cells_per_well'])} cells a well, of {looked}"
    )
