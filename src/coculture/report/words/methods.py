"""The methods paragraph: what was done, with which settings, in sentences that can go into a paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coculture.report.reading import Results
from coculture.report.words.citations import CITATIONS
from coculture.report.words.combined_methods import combination_methods, mixture_methods
from coculture.report.words.contrast_methods import CONTRAST_WORDS
from coculture.report.words.numbers import count, listed, quoted, text_of

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
        sentences.append(f"{text.removesuffix('.')} [{numbers}]." if numbers else text)
    return sentences, references


def _images(results: Results) -> tuple[str, tuple[str, ...]]:
    source = results.section("source")
    if source.get("kind") == "wells":
        return "The screen began with a table of wells that was made elsewhere.", ()
    if source.get("kind") == "virtual":
        return _virtual(source), ()
    if source.get("kind") != "images":
        return "", ()
    channels = source.get("channels")
    named = listed(list(channels)) if isinstance(channels, Mapping) else ""
    text = f"Images of the channels {named} were read" if named else "Images were read"
    method = results.section("illumination").get("method", "none")
    cited = ("basic",) if method == "basic" else ()
    if method == "none":
        return f"{text}; uneven illumination was not corrected.", ()
    return f"{text} and divided by an illumination field per channel that was estimated over the plate (method: {method}).", cited


def _virtual(source: Mapping[str, Any]) -> str:
    """Say that nothing was measured, and what was computed."""
    chip = source.get("chip")
    place = f"on a virtual chip of the design {chip.get('design')}" if isinstance(chip, Mapping) else "in virtual wells"
    doses = "travelled through the medium" if source.get("dosing") == "delivered" else "were everywhere at their nominal doses"
    return (
        f"No cell was observed: the culture of {source.get('culture')} was simulated {place} for {source.get('hours', 0):g} h, "
        f"cell by cell, and compounds {doses}."
    )


def _outlines(results: Results) -> tuple[str, tuple[str, ...]]:
    nuclei, cells = results.section("nuclei"), results.section("cells")
    if not nuclei or results.section("source").get("kind") in ("wells", "virtual"):
        return "", ()
    method = str(nuclei.get("method", "watershed"))
    text = f"Nuclei were found in the channel {nuclei.get('channel', 'dna')} (method: {method}{_size(nuclei)})."
    cited = [method] if method in CITATIONS else []
    if cells.get("method") == "propagation":
        text += f" Cells were outlined by propagation from the nuclei on the channel {cells.get('channel')}."
        cited.append("propagation")
    elif cells:
        text += " Cells were outlined as territories: the ground nearest to each nucleus, up to a largest distance."
    return text, tuple(cited)


def _size(nuclei: Mapping[str, Any]) -> str:
    diameter = nuclei.get("diameter_um")
    return f", typical diameter {diameter:g} µm" if isinstance(diameter, (int, float)) else ""


def _contacts(results: Results) -> tuple[str, tuple[str, ...]]:
    if not any(str(name).startswith("well_enrichment_z_") for name in results.wells.columns):
        return "", ()
    return (
        "Contacts between types of cells were compared with their exact mean and variance over all ways to exchange the types "
        "among the cells of a field (join-count statistics).",
        ("join-counts",),
    )


def _motion(results: Results) -> tuple[str, tuple[str, ...]]:
    if not any(str(name).startswith("well_motion_") for name in results.wells.columns):
        return "", ()
    method = results.section("tracking").get("method")
    linked = f" (linking method: {method})" if method and method != "none" else ""
    return (
        f"Cells were followed over time{linked}; persistent random walks were fitted to mean squared displacements by Fürth's "
        "formula, and directions of net displacements were tested by Rayleigh's test, a track counting once.",
        ("fuerth", "rayleigh"),
    )


def _readouts(results: Results) -> tuple[str, tuple[str, ...]]:
    said = [f"{quoted(readout.label)} is {readout.definition}" for readout in results.readouts if readout.definition]
    return (f"Read-outs: {'; '.join(said)}." if said else ""), ()


def _quality(results: Results) -> tuple[str, tuple[str, ...]]:
    if results.quality.empty:
        return "", ()
    if not (results.wells["role"] == "positive").any():
        return "The quality of each plate was judged by the coefficient of variation of its negative controls.", ()
    return (
        "The quality of each plate was judged by Z′ and robust Z′ (median and 1.4826 × median absolute deviation) and by the "
        "strictly standardised mean difference of its controls.",
        ("z-prime", "ssmd"),
    )


def _effects(results: Results) -> tuple[str, tuple[str, ...]]:
    analysis = results.section("analysis")
    if not analysis or results.hits.empty:
        return "", ()
    scale = str(analysis.get("normalise", "percent-of-control"))
    cited = [scale] if scale in CITATIONS else []
    method = str(analysis.get("hit_method", ""))
    text = f"Wells were normalised within plates ({scale})"
    if method:
        text += f" and each treatment was compared with the negative controls (method: {method})"
        cited += [method] if method in CITATIONS else []
    rate = float(analysis.get("fdr", 0.05))
    text += f"; p-values were adjusted within each read-out to a false discovery rate of {rate * 100:g} % (Benjamini–Hochberg)."
    if analysis.get("minimum_effect"):
        text += f" Effects below {analysis['minimum_effect']:g} were not called hits."
    return text, (*cited, "fdr")


def _classes(results: Results) -> tuple[str, tuple[str, ...]]:
    judged = results.hits["interaction_class"].map(text_of)
    if not judged.isin(("interaction-specific", "cytotoxic", "both", "inactive")).any():
        return "", ()
    least = results.section("analysis").get("viability_minimum_percent", 70.0)
    return (
        "A change of a read-out about interaction was called a hit where the read-out and its guards all show it "
        f"(intersection-union test); viability below {least:g} % of the negative controls', with an interval below 100 %, was "
        "called cytotoxic.",
        ("intersection-union",),
    )


def _contrast(results: Results) -> tuple[str, tuple[str, ...]]:
    contrast = results.section("analysis").get("contrast")
    if not isinstance(contrast, Mapping):
        return "", ()
    tested = contrast.get("tested")
    named = ", ".join(map(str, tested)) if isinstance(tested, list) else "every other one" if tested == "*" else str(tested)
    how, sources = CONTRAST_WORDS.get(str(contrast.get("method")), (str(contrast.get("method")), ()))
    unit = contrast.get("pair_by")
    within = "" if contrast.get("method") == "linear-model" else f" within each {unit}"
    said = f"For each compound the condition {named} was compared with {contrast.get('reference')}{within}"
    return f"{said}: {how.format(unit=unit)}.", sources


def _curves(results: Results) -> tuple[str, tuple[str, ...]]:
    model = results.section("dose_response").get("model", "none")
    if results.curves.empty or model == "none":
        return "", ()
    spoken = {"logistic-4": "four-parameter logistic"}.get(str(model), str(model))
    shape = " on the dose step" if (results.curves["dose_unit"] == "step").all() else " on the logarithm of the dose"
    how = "The curve that AICc chooses of several" if model == "best" else f"A {spoken} curve"
    robust = str(results.section("dose_response").get("robust", "none"))
    weighed = "" if robust == "none" else f" Stray wells were weighed down ({robust})."
    return f"{how}{shape} was fitted to {count(results.curves['compound'].nunique(), 'compound')}.{weighed}", ()


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
