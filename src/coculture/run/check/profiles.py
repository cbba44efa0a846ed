"""Does every pattern of ``[profiles]`` fit a feature that the cells, or the table of wells, will have?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coculture.plate.columns import CELL_COLUMNS
from coculture.run.check.finding import Finding, named
from coculture.run.recipe.profiles import ProfilesSection, matching
from coculture.typed_file.complaints import did_you_mean

OF_EVERY_CELL = tuple(column.name for column in CELL_COLUMNS if column.holds == "real")
"""Numbers that every table of cells has beside its features."""


def check_profiles(asked: ProfilesSection | None, names: Sequence[str], file: str) -> Iterator[Finding]:
    """Try every pattern.

    Parameters
    ----------
    asked : the section, None where the recipe has none.
    names : the features there will be, in their order.
    file : the recipe's file, for messages.

    Yields
    ------
    An error where no pattern of ``features`` fits anything, which would end the run after its last well; a warning for a
    single pattern, of ``features`` or ``blocklist``, that fits nothing.
    """
    if asked is None:
        return
    alone = not matching(asked.features, names)
    for key, patterns in (("features", asked.features), ("blocklist", asked.blocklist)):
        for number, pattern in enumerate(patterns, start=1):
            if not matching((pattern,), names):
                what, where = f"no feature fits '{pattern}'", f"{file}, profiles.{key}[{number}]"
                told = Finding.error if alone and key == "features" else Finding.warning
                yield told(what, where, _remedy(pattern, names))


def _remedy(pattern: str, names: Sequence[str]) -> str:
    stem = pattern.split("*")[0].rstrip("_")
    alike = [name for name in names if stem and name.lower().startswith(stem.lower()[:6])] or list(names)
    if not alike:
        return "there are no features to compare"
    return f"{did_you_mean(pattern, names)}there are: {named(alike, 12)}"
