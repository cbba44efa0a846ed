"""Methods, versions, seed and inputs: what another person needs to do it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from coculture.report.language import say
from coculture.report.reading import Results
from coculture.report.words.methods import methods

MOST_INPUTS = 12


@dataclass(frozen=True)
class MethodsSection:
    """What the template of the methods may use.

    Attributes
    ----------
    sentences, references : the paragraph and its sources.
    facts : (name, value) of seed, times and platform.
    versions : (library, version).
    inputs : (file, SHA-256) of the first files; ``n_inputs`` of all.
    settings : the recipe as it was run, as indented text.
    """

    sentences: tuple[str, ...]
    references: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    inputs: tuple[tuple[str, str], ...]
    n_inputs: int
    settings: str


def methods_section(results: Results) -> MethodsSection:
    """Return the section; what the folder does not tell is left out."""
    sentences, references = methods(results)
    inputs = _pairs(results.run.get("inputs"))
    settings = json.dumps(results.settings, indent=2, ensure_ascii=False, default=str) if results.settings else ""
    return MethodsSection(
        sentences=tuple(sentences),
        references=tuple(references),
        facts=tuple(_facts(results)),
        versions=_pairs(results.run.get("versions")),
        inputs=inputs[:MOST_INPUTS],
        n_inputs=len(inputs),
        settings=settings,
    )


def _facts(results: Results) -> list[tuple[str, str]]:
    run = results.run
    facts = []
    if "seed" in run:
        facts.append((say("seed"), str(run["seed"])))
    times = run.get("times")
    if isinstance(times, Mapping) and times.get("finished"):
        facts.append((say("run finished"), str(times["finished"])))
    platform = run.get("platform")
    if isinstance(platform, Mapping):
        facts.append((say("system"), " ".join(str(value) for value in platform.values())))
    return facts


def _pairs(found: object) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(value)) for key, value in found.items()) if isinstance(found, Mapping) else ()
