"""Do the wells hold what ``[combination]`` asks about?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from coculture.errors import CocultureError
from coculture.plate.treatment import Treatment
from coculture.run.check.finding import Finding, named
from coculture.run.recipe.recipe import Recipe

JUDGED = ("treatment", "reference")
MOST_DRUGS = 3
Doses = dict[str, float]


def check_combinations(recipe: Recipe, wells: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Name what the section asks about and the wells lack; nothing of it keeps a run from starting but a wrong name."""
    asked = recipe.combination
    if asked is None:
        return
    where = f"{file}, combination"
    names = [readout.name for readout in recipe.readout]
    if asked.readout is not None and asked.readout not in names:
        yield Finding.error(f"there is no readout '{asked.readout}'", f"{where}.readout", f"the readouts are: {named(names, 12)}")
    held = _held(wells)
    blocks = {frozenset(doses) for doses in held if 1 < len(doses) <= MOST_DRUGS}
    if not blocks:
        remedy = "write treatments as 'drugA 1 uM + drugB 2 uM', or leave [combination] out; nothing will be scored"
        yield Finding.warning("no well holds two or three compounds", where, remedy)
        return
    yield from _single_agents(blocks, held, where)
    if asked.response == "normalised-percent-effect" and not (wells["role"] == "positive").any():
        remedy = "give wells the role positive, or choose another response"
        yield Finding.warning("inhibition as percent effect needs positive controls, and there are none", where, remedy)


def _held(wells: pd.DataFrame) -> list[Doses]:
    """Return the doses of each different treatment, by compound."""
    found = []
    for text in wells.loc[wells["role"].isin(JUDGED), "treatment"].drop_duplicates():
        try:
            parts = Treatment.parse(str(text)).parts
        except CocultureError:
            continue  # the plate map's own check tells of it
        doses: Doses = {}
        for part in parts:
            doses[part.compound] = doses.get(part.compound, 0.0) + part.dose
        found.append(doses)
    return found


def _single_agents(blocks: set[frozenset[str]], held: list[Doses], where: str) -> Iterator[Finding]:
    alone = {(name, doses[name]) for doses in held if len(doses) == 1 for name in doses}
    combined = {(name, dose) for doses in held if len(doses) > 1 and frozenset(doses) in blocks for name, dose in doses.items()}
    lacking: dict[str, int] = {}
    for name, _ in combined - alone:
        lacking[name] = lacking.get(name, 0) + 1
    if lacking:
        told = [f"{name} at {count} dose{'s' if count > 1 else ''}" for name, count in sorted(lacking.items())]
        remedy = "their effects are estimated from the combinations, which costs certainty; test each compound alone too"
        yield Finding.warning(f"single agents are missing: {named(told)}", where, remedy)
