"""Are the wells able to answer: controls, replicates, doses?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from coculture.run.check.finding import Finding, named

JUDGED = ("treatment", "reference")
FEW_NEGATIVES = 3
FEW_DOSES = 4


def check_wells(wells: pd.DataFrame, *, where: str, curves: bool) -> list[Finding]:
    """Check the wells that will be analysed.

    Parameters
    ----------
    wells : one row a well with the columns of a plate map.
    where : what messages call the file.
    curves : whether dose-response curves are asked for.
    """
    findings = [*_unnamed(wells, where), *_negatives(wells, where), *_positives(wells, where)]
    treated = wells[wells["role"].isin(JUDGED)]
    if treated.empty:
        findings.append(Finding.error("no well has the role 'treatment' or 'reference'", where, "say what the screen asks about"))
        return findings
    return [*findings, *_replicates(treated, where), *(_doses(treated, where) if curves else ())]


def _strata(wells: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield what wells are compared within, a plate or a condition of it, by name."""
    condition = wells["condition"] if "condition" in wells else pd.Series("", index=wells.index)
    for (plate, arm), rows in wells.groupby([wells["plate"], condition], sort=False):
        yield f"{plate} ({arm})" if arm else str(plate), rows


def _unnamed(wells: pd.DataFrame, where: str) -> Iterator[Finding]:
    """Name wells that are to be judged or to be positive and were given nothing."""
    bare = wells[wells["role"].isin((*JUDGED, "positive")) & (wells["treatment"] == "")]
    if len(bare):
        places = [f"{row.plate} {row.well}" for row in bare.itertuples()]
        yield Finding.error(
            f"{len(bare)} wells with the role treatment, reference or positive hold no treatment: {named(places)}",
            where,
            "name compound and dose, or give the wells the role negative, untreated or blank",
        )


def _negatives(wells: pd.DataFrame, where: str) -> Iterator[Finding]:
    counts = {name: int((rows["role"] == "negative").sum()) for name, rows in _strata(wells) if rows["role"].isin(JUDGED).any()}
    none = [name for name, count in counts.items() if count == 0]
    few = [f"{name}: {count}" for name, count in counts.items() if 0 < count < FEW_NEGATIVES]
    if none:
        remedy = "give the vehicle wells the role negative; without them no effect can be judged"
        yield Finding.error(f"no negative control on {named(none)}", where, remedy)
    if few:
        remedy = "intervals will be wide and hits few; plan at least 8 negative controls a plate"
        yield Finding.warning(f"fewer than {FEW_NEGATIVES} negative controls ({named(few)})", where, remedy)


def _positives(wells: pd.DataFrame, where: str) -> Iterator[Finding]:
    lacking = [name for name, rows in _strata(wells) if (rows["role"] == "positive").sum() < 2]
    if lacking:
        remedy = "Z′ and SSMD need at least 2; the plate's quality will not be judged"
        yield Finding.warning(f"fewer than 2 positive controls on {named(lacking)}", where, remedy)


def _replicates(treated: pd.DataFrame, where: str) -> Iterator[Finding]:
    keys = [name for name in ("treatment", "condition") if name in treated]
    sizes = treated[treated["treatment"] != ""].groupby(keys, sort=False).size()
    single = int((sizes == 1).sum())
    if single:
        remedy = "a single well has no spread of its own; it borrows the negative controls' spread"
        yield Finding.warning(f"{single} of {len(sizes)} treatments have a single well", where, remedy)


def _doses(treated: pd.DataFrame, where: str) -> Iterator[Finding]:
    counts = treated[treated["dose"] > 0].groupby("compound", sort=False)["dose"].nunique()
    few = [f"{compound} ({count})" for compound, count in counts.items() if 1 < count < FEW_DOSES]
    if few:
        what = f"{len(few)} compounds have 2 or 3 doses: {named(few)}"
        yield Finding.warning(what, where, f"a curve needs at least {FEW_DOSES}; none is fitted for these")
