"""The methods paragraph: what was done, with which settings, in sentences that can go into a paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coculture.report.language import mark, retell, say
from coculture.report.reading import Results
from coculture.report.words.citations import CITATIONS
from coculture.report.words.combined_methods import combination_methods, mixture_methods
from coculture.report.words.contrast_methods import CONTRAST_WORDS
from coculture.report.words.numbers import count, listed, paragraph, quoted, text_of

Writer = Callable[[Results], tuple[str, tuple[str, ...]]]
"""Returns a sentence or two and the keys of the citations they need."""


def methods(results: Results) -> tuple[list[str], list[str]]:
    """Return the sentences, with numbers of the references in brackets, and the references in that order."""
    sentences: list[str] = []
    references: list[str] = []
    for writer in WRITERS:
        text, keys = writer(results)
        if not text:
            continue
        for key in keys:
            if CITATIONS[key] not in references:
                references.append(CITATIONS[key])
        numbers = ", ".join(str(references.index(CITATIONS[key]) + 1) for key in keys)
        stop = say("{sentence}.", sentence="")
        cited = say("{sentence}.", sentence=f"{text.removesuffix(stop)} [{numbers}]")
        sentences.append(cited if numbers else text)
    return sentences, references


def _images(results: Results) -> tuple[str, tuple[str, ...]]:
    source = results.section("source")
    if source.get("kind") == "wells":
        return say("The screen began with a table of wells that was made elsewhere."), ()
    if source.get("kind") == "virtual":
        return _virtual(source), ()
    if source.get("kind") != "images":
        return "", ()
    channels = source.get("channels")
    named = listed(list(channels)) if isinstance(channels, Mapping) else ""
    text = say("Images of the channels {channels} were read", channels=named) if named else say("Images were read")
    method = results.section("illumination").get("method", "none")
    cited = ("basic",) if method == "basic" else ()
    if method == "none":
        return say("{text}; uneven illumination was not corrected.", text=text), ()
    return say(
        "{text} and divided by an illumination field per channel that was estimated over the plate (method: {method}).",
        text=text,
        method=method,
    ), cited


def _virtual(source: Mapping[str, Any]) -> str:
    """Say that nothing was measured, and what was computed."""
    chip = source.get("chip")
    place = (
        say("on a virtual chip of the design {design}", design=chip.get("design"))
        if isinstance(chip, Mapping)
        else say("in virtual wells")
    )
    doses = (
        say("travelled through the medium")
        if source.get("dosing") == "delivered"
        else say("were everywhere at their nominal doses")
    )
    return say(
        "No cell was observed: the culture of {culture} was simulated {place} for {hours:g} h, cell by cell, "
        "and compounds {doses}.",
        culture=source.get("culture"),
        place=place,
        hours=source.get("hours", 0),
        doses=doses,
    )


def _outlines(results: Results) -> tuple[str, tuple[str, ...]]:
    nuclei, cells = results.section("nuclei"), results.section("cells")
    if not nuclei or results.section("source").get("kind") in ("wells", "virtual"):
        return "", ()
    method = str(nuclei.get("method", "watershed"))
    text = say(
        "Nuclei were found in the channel {channel} (method: {method}{size}).",
        channel=nuclei.get("channel", "dna"),
        method=method,
        size=_size(nuclei),
    )
    cited = [method] if method in CITATIONS else []
    if cells.get("method") == "propagation":
        text += say(" ") + say(
            "Cells were outlined by propagation from the nuclei on the channel {channel}.", channel=cells.get("channel")
        )
        cited.append("propagation")
    elif cells:
        text += say(" ") + say(
            "Cells were outlined as territories: the ground nearest to each nucleus, up to a largest distance."
        )
    return text, tuple(cited)


def _size(nuclei: Mapping[str, Any]) -> str:
    diameter = nuclei.get("diameter_um")
    return say(", typical diameter {diameter:g} µm", diameter=diameter) if isinstance(diameter, (int, float)) else ""


def _contacts(results: Results) -> tuple[str, tuple[str, ...]]:
    if not any(str(name).startswith("well_enrichment_z_") for name in results.wells.columns):
        return "", ()
    return (
        say(
            "Contacts between types of cells were compared with their exact mean and variance over all ways to exchange the "
            "types among the cells of a field (join-count statistics)."
        ),
        ("join-counts",),
    )


def _motion(results: Results) -> tuple[str, tuple[str, ...]]:
    if not any(str(name).startswith("well_motion_") for name in results.wells.columns):
        return "", ()
    method = results.section("tracking").get("method")
    linked = say(" (linking method: {method})", method=method) if method and method != "none" else ""
    return (
        say(
            "Cells were followed over time{linked}; persistent random walks were fitted to mean squared "
            "displacements by Fürth's formula, and directions of net displacements were tested by Rayleigh's "
            "test, a track counting once.",
            linked=linked,
        ),
        ("fuerth", "rayleigh"),
    )


def _readouts(results: Results) -> tuple[str, tuple[str, ...]]:
    said = [
        say("{label} is {definition}", label=quoted(readout.label), definition=retell(readout.definition))
        for readout in results.readouts
        if readout.definition
    ]
    return (say("Read-outs: {list}.", list=say("; ").join(said)) if said else ""), ()


def _quality(results: Results) -> tuple[str, tuple[str, ...]]:
    if results.quality.empty:
        return "", ()
    if not (results.wells["role"] == "positive").any():
        return say("The quality of each plate was judged by the coefficient of variation of its negative controls."), ()
    return (
        say(
            "The quality of each plate was judged by Z′ and robust Z′ (median and 1.4826 × median absolute deviation) and by the "
            "strictly standardised mean difference of its controls."
        ),
        ("z-prime", "ssmd"),
    )


def _effects(results: Results) -> tuple[str, tuple[str, ...]]:
    analysis = results.section("analysis")
    if not analysis or results.hits.empty:
        return "", ()
    scale = str(analysis.get("normalise", "percent-of-control"))
    cited = [scale] if scale in CITATIONS else []
    method = str(analysis.get("hit_method", ""))
    text = say("Wells were normalised within plates ({scale})", scale=scale)
    if method:
        text += say(" and each treatment was compared with the negative controls (method: {method})", method=method)
        cited += [method] if method in CITATIONS else []
    rate = float(analysis.get("fdr", 0.05))
    text += say(
        "; p-values were adjusted within each read-out to a false discovery rate of {rate:g} % (Benjamini–Hochberg).",
        rate=rate * 100,
    )
    if analysis.get("minimum_effect"):
        text += say(" ") + say("Effects below {least:g} were not called hits.", least=analysis["minimum_effect"])
    return text, (*cited, "fdr")


def _classes(results: Results) -> tuple[str, tuple[str, ...]]:
    judged = results.hits["interaction_class"].map(text_of)
    if not judged.isin(("interaction-specific", "cytotoxic", "both", "inactive")).any():
        return "", ()
    least = results.section("analysis").get("viability_minimum_percent", 70.0)
    return (
        say(
            "A change of a read-out about interaction was called a hit where the read-out and its guards all show it "
            "(intersection-union test); viability below {least:g} % of the negative controls', with an interval below 100 %, was "
            "called cytotoxic.",
            least=least,
        ),
        ("intersection-union",),
    )


def _contrast(results: Results) -> tuple[str, tuple[str, ...]]:
    contrast = results.section("analysis").get("contrast")
    if not isinstance(contrast, Mapping):
        return "", ()
    tested = contrast.get("tested")
    named = ", ".join(map(str, tested)) if isinstance(tested, list) else say("every other one") if tested == "*" else str(tested)
    how, sources = CONTRAST_WORDS.get(str(contrast.get("method")), (str(contrast.get("method")), ()))
    unit = say(str(contrast.get("pair_by")))
    return say(
        "For each compound the condition {named} was compared with {reference}{within}: {how}.",
        named=named,
        reference=contrast.get("reference"),
        within="" if contrast.get("method") == "linear-model" else say(" within each {unit}", unit=unit),
        how=say(how, unit=unit),
    ), sources


def _curves(results: Results) -> tuple[str, tuple[str, ...]]:
    model = results.section("dose_response").get("model", "none")
    if results.curves.empty or model == "none":
        return "", ()
    spoken = {"logistic-4": say("four-parameter logistic")}.get(str(model), str(model))
    steps = (results.curves["dose_unit"] == "step").all()
    how = say("The curve that AICc chooses of several") if model == "best" else say("A {model} curve", model=spoken)
    fitted = mark("{how} on the dose step was fitted to {compounds}.")
    fitted = fitted if steps else mark("{how} on the logarithm of the dose was fitted to {compounds}.")
    robust = str(results.section("dose_response").get("robust", "none"))
    weighed = "" if robust == "none" else say("Stray wells were weighed down ({method}).", method=robust)
    compounds = count(results.curves["compound"].nunique(), "compound")
    return paragraph((say(fitted, how=how, compounds=compounds), weighed)), ()


WRITERS: tuple[Writer, ...] = (
    _images,
    _outlines,
    _contacts,
    _motion,
    _readouts,
    _quality,
    _effects,
    _classes,
    _contrast,
    _curves,
    combination_methods,
    mixture_methods,
)
"""Every part of the paragraph, in order."""
