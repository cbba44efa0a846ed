"""The recipe's sections say what the rooms' settings say: same names, same defaults, same choices."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, get_args

import pytest

from coculture.errors import InputError
from coculture.imaging.correct.settings import Method
from coculture.imaging.segment.methods import CELL_METHODS, NUCLEUS_METHODS
from coculture.plate.columns import ROLES
from coculture.run.analysis_settings import analysis_settings
from coculture.run.new import template_text
from coculture.run.recipe.analysis import Analysis, Contrast, DoseResponse, ReadoutSection
from coculture.run.recipe.combination import Combination
from coculture.run.recipe.imaging import Cells, Illumination, Nuclei
from coculture.run.recipe.mixture import Mixture
from coculture.run.recipe.reading import parse_recipe
from coculture.run.recipe.recipe import Role
from coculture.screen.deconvolve.scorers import SCORERS
from coculture.screen.deconvolve.settings import DESIGN_NAMES, EFFECT_SCALES, MixtureSettings
from coculture.screen.dose_response.models import NAMES as CURVE_NAMES
from coculture.screen.hits.contrasts.methods import CONTRAST_METHODS
from coculture.screen.hits.methods import HIT_METHODS
from coculture.screen.normalise.methods import NORMALISATIONS
from coculture.screen.settings import AnalysisSettings, ConditionContrast, Readout
from coculture.screen.synergy.question import INHIBITION_OF
from coculture.screen.synergy.settings import CONVENTIONS
from coculture.sources.summary import AGGREGATES
from coculture.typed_file.section import Section


def choices(section: type[Section], key: str) -> set[Any]:
    return set(get_args(section.model_fields[key].annotation))


@pytest.mark.parametrize(
    ("section", "key", "known"),
    [
        (Analysis, "normalise", set(NORMALISATIONS)),
        (Analysis, "hit_method", set(HIT_METHODS)),
        (Contrast, "method", set(CONTRAST_METHODS)),
        (DoseResponse, "model", set(CURVE_NAMES)),
        (ReadoutSection, "aggregate", set(AGGREGATES)),
        (Combination, "convention", set(CONVENTIONS)),
        (Combination, "response", set(INHIBITION_OF)),
        (Mixture, "design", set(DESIGN_NAMES)),
        (Mixture, "scale", set(EFFECT_SCALES)),
        (Illumination, "method", set(get_args(Method))),
        (Nuclei, "method", set(NUCLEUS_METHODS)),
        (Cells, "method", set(CELL_METHODS)),
    ],
)
def test_choices_are_those_of_the_rooms(section: type[Section], key: str, known: set[str]) -> None:
    assert choices(section, key) == known


def test_roles_are_those_of_the_plate() -> None:
    assert set(get_args(Role)) == set(ROLES)


def defaults_of(settings: type[Any]) -> dict[str, Any]:
    plain = {field.name: field.default for field in fields(settings) if field.default is not MISSING}
    return plain | {field.name: field.default_factory() for field in fields(settings) if field.default_factory is not MISSING}


@pytest.mark.parametrize(("section", "settings"), [(Analysis, AnalysisSettings), (Contrast, ConditionContrast)])
def test_defaults_are_those_of_the_rooms(section: type[Section], settings: type[Any]) -> None:
    known = defaults_of(settings)
    ours = {name: field.default for name, field in section.model_fields.items() if not field.is_required()}
    assert ours == {name: known[name] for name in ours}


def test_every_setting_of_the_engine_can_be_said_in_a_recipe() -> None:
    said = {
        *Analysis.model_fields,
        *DoseResponse.model_fields,
        "readouts",
        "dose_response",
        "cell_count_column",
        "combination",
        "mixture",
    }
    assert {field.name for field in fields(AnalysisSettings)} <= said
    assert {field.name for field in fields(Readout)} <= set(ReadoutSection.model_fields) | {"column", "measured"}
    assert {field.name for field in fields(ConditionContrast)} == set(Contrast.model_fields)


def test_the_sections_on_combinations_and_mixtures_say_what_the_rooms_know() -> None:
    known = defaults_of(MixtureSettings)
    ours = {name: field.default for name, field in Mixture.model_fields.items() if name not in ("formula", "composition")}
    assert ours == {name: known[name] for name in ours}
    assert Mixture.model_fields["methods"].default == tuple(SCORERS)
    asked = analysis_settings(parse_recipe(template_text("combination")))
    assert asked.combination is not None
    assert asked.combination.scoring.models == ("ZIP", "Bliss", "HSA", "Loewe")
    assert asked.combination.fdr == asked.fdr
    assert (asked.mixture, analysis_settings(parse_recipe(template_text("wells"))).combination) == (None, None)


def test_a_readout_may_have_its_own_scale() -> None:
    text = template_text("wells").replace("primary = true", 'primary = true\nnormalise = "as-given"')
    assert analysis_settings(parse_recipe(text)).readouts[0].normalise == "as-given"


def test_a_recipe_reaches_the_engine() -> None:
    text = template_text("wells") + '[analysis.contrast]\nreference = "mono"\ntested = "co"\n[dose_response]\nmodel = "none"\n'
    settings = analysis_settings(parse_recipe(text))
    assert settings.dose_response == "none"
    assert settings.contrast == ConditionContrast("mono", "co")
    assert [(readout.name, readout.column, readout.direction) for readout in settings.readouts] == [
        ("viability", "viability", "down")
    ]
    assert settings.primary.name == "viability"


def test_a_guard_without_an_interaction_is_refused_in_the_recipe() -> None:
    text = template_text("images")
    assert "[[readout]]" in text
    guarded = text.replace("[[readout]]", '[[readout]]\nguard = "well_territory_contacts_per_cell"', 1)
    with pytest.raises(InputError, match="only a readout about interaction is guarded"):
        parse_recipe(guarded)


def test_readouts_keep_what_they_are_about_and_the_number_they_came_from() -> None:
    text = template_text("wells").replace("[[readout]]", '[[readout]]\nabout = "interaction"\nguard = "other"', 1)
    readout = analysis_settings(parse_recipe(text)).readouts[0]
    assert (readout.about, readout.guard) == ("interaction", "other")
    assert readout.number == parse_recipe(text).readout[0].column
