"""Molar mass, diffusion, serum binding, names: against known values and closed forms."""

from __future__ import annotations

import math
import sys

import pytest

from coculture.compounds import diffusion
from coculture.compounds.citation import Cited, Source
from coculture.compounds.compound import Compound, Identity, Physical
from coculture.compounds.files.number_keys import cas_is_sound
from coculture.compounds.library import find
from coculture.compounds.molar_mass import molar_mass_g_per_mol
from coculture.compounds.naming import Names, folded
from coculture.compounds.serum import free_fraction
from coculture.compounds.structures import read_structure
from coculture.errors import DataError, InputError, MissingExtraError

WATER_37 = (310.15, 0.692e-3 / 60)
SMITH = Source("smith", "Smith 2001", "read")


def compound(**physical: float) -> Compound:
    return Compound(
        Names("x"), "small molecule", Identity(), Physical(**{key: Cited(value, SMITH) for key, value in physical.items()})
    )


@pytest.mark.parametrize(
    ("formula", "mass"),
    [("H2O", 18.015), ("C2H6OS", 78.13), ("C20H18NO4+", 336.37), ("C19H17NaO6S", 396.39), ("CH3", 15.035), ("Ca++", 40.078)],
)
def test_molar_mass(formula: str, mass: float) -> None:
    assert molar_mass_g_per_mol(formula) == pytest.approx(mass, abs=0.006)


@pytest.mark.parametrize("formula", ["", "h2o", "2H", "C2H6(OS)", "C2 H6"])
def test_a_formula_that_cannot_be_read(formula: str) -> None:
    with pytest.raises(InputError, match="cannot read the formula"):
        molar_mass_g_per_mol(formula)


def test_an_element_without_weight() -> None:
    with pytest.raises(InputError, match="no atomic weight of 'Uu'"):
        molar_mass_g_per_mol("C2Uu")


@pytest.mark.parametrize(
    ("name", "mass", "measured_um2_per_s"),
    [("sucrose", 342.3, 720), ("D-mannitol", 182.2, 910), ("D-arabinose", 150.1, 1060), ("glycine", 75.1, 1380)],
)
def test_the_estimate_for_small_molecules_meets_measured_diffusion(name: str, mass: float, measured_um2_per_s: float) -> None:
    """Diffusion at 37 °C as tabulated in Membranes 2021 11:331, Table 1; the estimate is low by at most a fifth."""
    found = diffusion.small_molecule(mass, *WATER_37).um2_per_min / 60
    assert 0.8 * measured_um2_per_s < found < 1.02 * measured_um2_per_s, name


def test_the_estimates_are_their_formulas() -> None:
    assert diffusion.compact_radius_nm(1e5, 0.73) == pytest.approx(0.066 * 1e5 ** (1 / 3), rel=0.01)
    sphere = diffusion.stokes_einstein(1.0, 310.15, WATER_37[1])
    assert sphere / 60 == pytest.approx(1.380649e-23 * 310.15 / (6 * math.pi * 0.692e-3 * 1e-9) * 1e12)
    assert diffusion.stokes_einstein(2.0, 310.15, WATER_37[1]) == pytest.approx(sphere / 2)
    chang = diffusion.wilke_chang(96.0, 298.15, 0.89e-3 / 60)
    assert chang / 60 == pytest.approx(7.4e-8 * math.sqrt(2.6 * 18.015) * 298.15 / (0.89 * 96.0**0.6) * 1e8)
    assert 800 < chang / 60 < 1200  # benzene in water at 25 °C: measured near 1.1e-5 cm²/s


def test_an_antibody_diffuses_like_one() -> None:
    """Measured near 40 µm²/s in water at 20 °C, that is near 61 at 37 °C."""
    nivolumab = find("nivolumab")
    assert isinstance(nivolumab, Compound)
    at_20 = nivolumab.diffusion(293.15, 1.002e-3 / 60)
    assert at_20.um2_per_min / 60 == pytest.approx(40, rel=0.1)
    assert "friction ratio 1.5" in at_20.method


def test_measured_diffusion_goes_before_estimates_and_follows_the_medium() -> None:
    known = compound(diffusion_um2_per_s=500, molar_mass_g_per_mol=300, molar_volume_cm3_per_mol=300)
    assert known.diffusion().um2_per_min == pytest.approx(30000)
    assert known.diffusion().method == "measured"
    assert known.diffusion(viscosity_pa_min=2 * 1.153e-5).um2_per_min == pytest.approx(15000)
    assert compound(molar_volume_cm3_per_mol=300, molar_mass_g_per_mol=300).diffusion().method == "Wilke-Chang"
    assert compound(molar_mass_g_per_mol=300).diffusion().method.startswith("Stokes-Einstein, compact sphere")
    with pytest.raises(DataError, match="the molar mass of 'x' is not known"):
        compound().diffusion()


def test_serum_leaves_free_what_its_dilution_says() -> None:
    assert free_fraction(0.9, 1.0) == pytest.approx(0.1)
    assert free_fraction(0.9, 0.1) == pytest.approx(1 / 1.9)
    assert free_fraction(0.9, 0.0) == 1
    assert compound(plasma_bound_fraction=0.98).free_fraction(0.1) == pytest.approx(1 / (1 + 0.1 * 49))
    with pytest.raises(DataError, match="how much of 'x' plasma binds is not known"):
        compound().free_fraction(0.1)
    with pytest.raises(InputError, match="more digits"):
        free_fraction(1.0, 0.1)


MEASURED = {
    "cycloguanil": (0.75, 0.94),
    "doxycycline": (0.23, 0.44),
    "primaquine": (0.26, 0.78),
    "KAF156": (0.069, 0.477),
    "M5717": (0.24, 0.638),
    "ferroquine": (0.041, 0.364),
    "NPC1161B": (0.00074, 0.043),
}
"""Free in human plasma, and in medium with 10 % calf serum: Malar J 2020 19:1, Table 6 (doi:10.1186/s12936-019-3075-5)."""


def test_diluted_binding_against_measured_medium() -> None:
    ratios = {name: free_fraction(1 - plasma, 0.1) / medium for name, (plasma, medium) in MEASURED.items()}
    near = [name for name, ratio in ratios.items() if 1 / 1.8 < ratio < 1.8]
    assert set(MEASURED) - set(near) == {"NPC1161B"}
    assert 1 / 7 < ratios["NPC1161B"] < 1 / 5


def test_entries_that_know_their_binding() -> None:
    for name, bound in (("mefloquine", 0.985), ("ruxolitinib", 0.97), ("tofacitinib", 0.4)):
        known = find(name)
        assert isinstance(known, Compound)
        assert known.free_fraction(1.0) == pytest.approx(1 - bound)


def test_doses_turn_into_concentrations_by_the_molar_mass() -> None:
    known = compound(molar_mass_g_per_mol=250)
    assert known.in_um(5, "ug/mL") == pytest.approx(20)
    assert known.in_um(5, "uM") == 5
    with pytest.raises(InputError, match="in 'step' is no concentration"):
        known.in_um(1, "step")
    with pytest.raises(DataError, match="dose it in µM, or add its molar mass"):
        compound().in_um(1, "ug/mL")


def test_names_fold() -> None:
    assert folded("Huáng Lián") == folded("HUANG-LIAN") == "huanglian"
    assert folded("TGF-β") == folded("tgf beta")
    assert folded("黄连") != folded("黄芩")
    assert Names("a", chinese=("甲",)).shown == "a 甲"


def test_cas_numbers_check_themselves() -> None:
    assert cas_is_sound("67-68-5")
    assert cas_is_sound("2086-83-1")
    assert not cas_is_sound("2086-83-2")
    assert not cas_is_sound("20868-31")


def test_structures_say_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rdkit", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'coculture\[structures\]'"):
        read_structure("CS(=O)C")


def test_structures_agree_with_the_library() -> None:
    pytest.importorskip("rdkit")
    for name in ("DMSO", "berberine", "plerixafor", "curcumin"):
        known = find(name)
        assert isinstance(known, Compound)
        found = read_structure(known.identity.smiles)
        assert found.inchikey == known.identity.inchikey
        assert found.molar_mass_g_per_mol == pytest.approx(known.molar_mass(), rel=1e-3)
        assert known.physical.log_p is not None
        assert found.log_p == pytest.approx(known.physical.log_p.value, abs=0.01)
    with pytest.raises(InputError, match="cannot read the structure"):
        read_structure("not a structure")
