"""What a reader cannot conclude from this screen, each with its reason.

Every caution is one function that looks at the results and returns a sentence, or '' where it does not apply.
"""

from __future__ import annotations

from collections.abc import Callable

from coculture.errors import CocultureError
from coculture.report.language import mark, say
from coculture.report.places import layout_of
from coculture.report.reading import Results
from coculture.report.records import flags, is_contrast
from coculture.report.words.numbers import count, listed, paragraph, quoted, text_of
from coculture.report.words.quality import overall

Caution = Callable[[Results], str]


SMALL_PERCENT = 10
"""A hit with less of the positive control's effect is pointed out."""


def cautions(results: Results) -> tuple[str, ...]:
    """Return the sentences that apply, the weightiest first."""
    return tuple(sentence for caution in ALL if (sentence := caution(results)))


def no_negative_controls(results: Results) -> str:
    """Without negative controls there is nothing to compare with."""
    if (results.wells["role"] == "negative").any():
        return ""
    return say("There are no negative controls, so no effect can be told from the usual scatter of untreated cells.")


def poor_quality(results: Results) -> str:
    """Hits from data of poor quality are candidates at best."""
    primary = results.primary
    if primary is None or overall(results.quality, primary.name) != "poor":
        return ""
    rows = results.quality[results.quality["readout"] == primary.name]
    poor = rows.loc[rows["verdict"] == "poor", "plate"].nunique()
    where = "" if len(results.plates) == 1 else say(" on {plates}", plates=count(poor, "plate"))
    return say(
        "The quality of {label} is poor{where}: take hits as candidates to repeat, and the absence of a hit as no evidence of "
        "no effect.",
        label=quoted(primary.label),
        where=where,
    )


def no_positive_controls(results: Results) -> str:
    """Without positive controls there is no measure of how much could have been seen."""
    if (results.wells["role"] == "positive").any():
        return ""
    return say(
        "There are no positive controls: the quality cannot be judged by Z′, effects cannot be set against a full effect, "
        "and a missing hit may only mean that the assay did not respond."
    )


def single_plate(results: Results) -> str:
    """One plate says nothing about other days."""
    if len(results.plates) != 1:
        return ""
    return say("This is one plate: it cannot show whether an effect comes back on another day, passage or donor.")


def few_replicates(results: Results) -> str:
    """A treatment in one well has no scatter of its own."""
    rows = results.hits[results.hits["readout"] == results.primary.name] if results.primary else results.hits.iloc[:0]
    rows = rows[~is_contrast(rows)]
    if rows.empty:
        return ""
    alone = int((rows["n_wells"].astype(float) < 2).sum())
    if not alone:
        return ""
    of = count(len(rows), "treatment")
    every, some = mark("Every treatment was tested in a single well"), mark("{n} of {of} were tested in a single well")
    return say(
        "{share}: such an effect rests on the scatter of the controls, and one bad well can make it.",
        share=say(every) if alone == len(rows) else say(some, n=alone, of=of),
    )


def controls_at_edge(results: Results) -> str:
    """Where all controls lie at the edge, an effect of the edge looks like an effect of the treatment."""
    layout = layout_of(results.settings, results.wells)
    wells = results.wells[results.wells["role"] == "negative"]["well"]
    treated = results.wells[results.wells["role"] == "treatment"]["well"]
    if layout is None or wells.empty or treated.empty:
        return ""
    try:
        edges = [layout.is_edge(str(well)) for well in wells]
        inside = [not layout.is_edge(str(well)) for well in treated]
    except CocultureError:
        return ""
    if not all(edges) or sum(inside) < len(inside) / 2:
        return ""
    return say(
        "All negative controls lie at the edge of the plate and most treated wells do not: an edge effect (drying, temperature) "
        "would look like an effect of every treatment."
    )


def ordinal_doses(results: Results) -> str:
    """An EC50 in steps is a place in a series."""
    if not (results.wells["dose_unit"] == "step").any():
        return ""
    return say(
        "Doses are known by their order only. An EC50 given in steps says where in the dilution series half the effect is "
        "reached; it is no concentration, and steps of different compounds cannot be compared."
    )


def stain_outlines(results: Results) -> str:
    """Outlines on a stain follow it."""
    cells = results.section("cells")
    if cells.get("method") != "propagation":
        return ""
    return say(
        "Cell outlines follow the stain {channel}. A treatment that moves this stain changes areas, contacts "
        "and neighbours without any change of the cells.",
        channel=text_of(cells.get("channel")),
    )


def lost_cells(results: Results) -> str:
    """A hit among few cells may be a loss of cells."""
    primary = results.primary
    if primary is None:
        return ""
    limit = results.fewest_cells
    rows = results.hits[(results.hits["readout"] == primary.name) & flags(results.hits["hit"])]
    low = int((rows["cell_count_percent"].astype(float) < limit).sum())
    if not low:
        return ""
    one = mark("{hits} leaves fewer than {limit:g} % of the controls' cells: the effect may come from the loss of cells.")
    several = mark("{hits} leave fewer than {limit:g} % of the controls' cells: the effect may come from the loss of cells.")
    return say(one if low == 1 else several, hits=count(low, "hit"), limit=limit)


def small_effects(results: Results) -> str:
    """An effect may pass every test and still be too small to matter."""
    primary = results.primary
    if primary is None:
        return ""
    rows = results.hits[(results.hits["readout"] == primary.name) & flags(results.hits["hit"])]
    small = int((rows["effect_percent"].astype(float).abs() < SMALL_PERCENT).sum())
    if not small:
        return ""
    one = mark("{n} of {hits} has less than {percent} % of the positive control's effect: real perhaps, but small.")
    several = mark("{n} of {hits} have less than {percent} % of the positive control's effect: real perhaps, but small.")
    told = say(one if small == 1 else several, n=small, hits=count(len(rows), "hit"), percent=SMALL_PERCENT)
    return paragraph((told, say("The recipe can set the smallest effect that counts (minimum_effect).")))


def missing_images(results: Results) -> str:
    """A table of wells cannot be looked at."""
    if results.section("source").get("kind") != "wells":
        return ""
    return say("The screen began with a table of wells: images, outlines and image quality could not be looked at.")


def one_donor(results: Results) -> str:
    """One donor says nothing about others."""
    donors = sorted({text_of(name) for name in results.wells["donor"].dropna()} - {""})
    return say("All cells come from one donor ({donors}).", donors=listed(donors)) if len(donors) == 1 else ""


def one_fraction(results: Results) -> str:
    """A ranking that hangs on one fraction says nothing about which of its features acts."""
    drivers = results.ingredients.loc[results.ingredients["driver"].map(text_of) != "", ["readout", "driver"]].drop_duplicates()
    if drivers.empty:
        return ""
    named = listed([f"{row.driver} ({quoted(text_of(row.readout))})" for row in drivers.itertuples()])
    return say(
        "One fraction drives the ranking of features: {named}. What is active may well be in it, but which of "
        "its features acts cannot be told from these data.",
        named=named,
    )


def missing_single_agents(results: Results) -> str:
    """A synergy over an estimated effect is less sure than its interval."""
    table = results.combinations
    rows = table[table["status"].map(text_of) == "estimated"].drop_duplicates(["group", "drugs"])
    if rows.empty:
        return ""
    return say(
        "In {combinations} single agents or controls were not measured and were estimated; the notes of the "
        "table say which. Test them before a synergy is claimed.",
        combinations=count(len(rows), "combination"),
    )


ALL: tuple[Caution, ...] = (
    no_negative_controls,
    poor_quality,
    no_positive_controls,
    stain_outlines,
    lost_cells,
    controls_at_edge,
    few_replicates,
    small_effects,
    single_plate,
    one_donor,
    ordinal_doses,
    one_fraction,
    missing_single_agents,
    missing_images,
)
