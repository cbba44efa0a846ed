"""Carriers of a virtual screen: from recipe and library to what a run uses, and what is refused."""

from __future__ import annotations

import math
import re

import pytest
from pydantic import ValidationError

from coculture.compounds.release.higuchi import HiguchiRelease
from coculture.errors import InputError
from coculture.run.recipe.carrier import Carrier, Release
from coculture.run.recipe.virtual import Gap, VirtualSource
from coculture.run.virtual_carriers import validity_notes
from coculture.run.virtual_drugs import DrugCabinet, cabinet

RELEASE = {"law": "weibull", "scale_h": 12.0, "shape": 0.7}
PARTICLE = {
    "name": "particle",
    "drug": "doxorubicin",
    "diameter_nm": 200.0,
    "density_g_per_cm3": 1.2,
    "load_mg_per_g": 100.0,
    "release": RELEASE,
    "uptake": {"per_min": 0.02, "drug_leaves_per_min": 0.01, "most_per_cell": 50.0},
}


def found(treatment: str, *carriers: dict[str, object], **more: object) -> DrugCabinet:
    source = {
        "kind": "virtual",
        "culture": "culture.toml",
        "hours": 24.0,
        "seeding": [{"cell_type": "a", "cells": 5}],
        "carrier": list(carriers),
    }
    return cabinet(VirtualSource.model_validate(source | more), [treatment], "screen.toml")


def test_a_declared_carrier_brings_the_drug_it_carries() -> None:
    both = found("particle 2 uM + doxorubicin 1 uM", PARTICLE)
    assert not both.problems
    one = both.carriers["particle"]
    drug = both.drugs["doxorubicin"]
    pg = 1.2 * math.pi / 6 * 0.2**3 * 0.1
    assert one.drug_per_carrier == pytest.approx(1e9 * pg / drug.molar_mass_g_per_mol)
    assert one.most_inside == pytest.approx(50 * one.drug_per_carrier)
    assert both.substances["particle", "uM"] == {"particle": 1.0}
    assert both.substances["doxorubicin", "uM"] == {"doxorubicin": 1.0}


def test_by_mass_a_dose_is_that_of_the_carriers() -> None:
    mass = found("particle 10 ug/mL", PARTICLE)
    um = mass.substances["particle", "ug/mL"]["particle"]
    assert um == pytest.approx(100 / mass.drugs["doxorubicin"].molar_mass_g_per_mol)


def test_a_carrier_of_the_library_is_a_carrier_and_not_its_whole_load() -> None:
    known = found("liposomal doxorubicin 1 uM")
    assert not known.problems
    assert known.substances["liposomal doxorubicin", "uM"] == {"doxorubicin liposome": 1.0}
    assert known.carriers["doxorubicin liposome"].drug == "doxorubicin"
    assert known.carriers["doxorubicin liposome"].drug_leaves_per_min > 0
    assert math.isinf(known.carriers["doxorubicin liposome"].most_per_cell)


def test_without_uptake_it_stays_outside() -> None:
    outside = {key: value for key, value in PARTICLE.items() if key != "uptake"}
    assert found("particle 1 uM", outside).carriers["particle"].uptake_per_min == 0


def test_what_cannot_be_dosed_or_weighed_is_told() -> None:
    (problem,) = found("particle 1 step", PARTICLE).problems
    assert "dosed in 'step'" in problem.what
    light = {"name": "drug"}
    (problem,) = found("particle 1 uM", PARTICLE | {"drug": "drug"}, compound=[light]).problems
    assert "the molar mass of 'drug' is not known" in problem.what
    (problem,) = found("particle 1 uM", PARTICLE | {"drug": "nothing of the kind"}).problems
    assert "in the library" in problem.what


def test_links_and_laws_that_end_early_are_noted() -> None:
    (note,) = found("particle 1 uM", PARTICLE | {"drug": "DAPT"}).notes
    assert "acts on links by the dose at the start" in note
    assert validity_notes("particle", HiguchiRelease(0.1), 24.0) == ()
    (early,) = validity_notes("particle", HiguchiRelease(0.3), 24.0)
    assert "describes the first 60 % of the release, up to 4 h of 24 h" in early


@pytest.mark.parametrize(
    ("release", "message"),
    [
        ({"law": "higuchi"}, "the law 'higuchi' needs rate_per_root_h"),
        (RELEASE | {"rate_per_h": 1.0}, "the law 'weibull' takes no rate_per_h; it takes scale_h, shape"),
        ({"law": "magic"}, "'first order', 'higuchi'"),
    ],
)
def test_a_release_has_the_keys_of_its_law(release: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(message)):
        Release.model_validate(release)


@pytest.mark.parametrize(
    "release",
    [
        {"law": "first order", "rate_per_h": 0.1},
        {"law": "higuchi", "rate_per_root_h": 0.1},
        {"law": "korsmeyer-peppas", "rate_per_h_to_n": 0.1, "exponent": 0.5},
        RELEASE,
        {"law": "fickian sphere", "radius_nm": 100.0, "diffusion_um2_per_min": 6e-7},
    ],
)
def test_every_law_releases_more_and_more(release: dict[str, object]) -> None:
    law = Release.model_validate(release).made()
    early, late = law.released([30.0, 120.0])
    assert 0 < early < late <= 1


def test_names_are_free_and_a_gap_has_one_place() -> None:
    with pytest.raises(ValidationError, match="declared twice: particle"):
        found("particle 1 uM", PARTICLE, PARTICLE)
    with pytest.raises(ValidationError, match="one of them"):
        Gap.model_validate({})
    with pytest.raises(ValidationError, match="greater than 0"):
        Carrier.model_validate(PARTICLE | {"diameter_nm": 0.0})


def test_a_drug_whose_leaving_is_not_known_is_refused() -> None:
    from dataclasses import replace

    from coculture.compounds.library import find
    from coculture.run.virtual_carriers import library_carrier
    from coculture.sources.virtual_chip.drug import Drug

    entry = find("doxorubicin liposome")
    silent = replace(entry, uptake=replace(entry.uptake, drug_leaves_per_min=None))  # type: ignore[union-attr,type-var]
    with pytest.raises(InputError, match="how fast drug leaves a cell is not known of the carrier 'doxorubicin liposome'"):
        library_carrier(silent, Drug("doxorubicin", molar_mass_g_per_mol=543.5))  # type: ignore[arg-type]
