"""Mixtures of a screen: formulas taken apart, several strengths, factorial designs, pools, and what cannot be told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import DataError, InputError
from coculture.plate.designs_of_mixtures.base import MixtureDesign
from coculture.plate.designs_of_mixtures.confirmation import confirmation_design
from coculture.plate.designs_of_mixtures.leave_one_out import knock_out_and_in, leave_one_out
from coculture.plate.designs_of_mixtures.orthogonal import orthogonal
from coculture.plate.designs_of_mixtures.pooled import pooled
from coculture.plate.treatment import Part
from coculture.screen.deconvolve.composition import LIBRARY, Composition
from coculture.screen.deconvolve.mixtures import designed_groups, find_mixtures
from coculture.screen.deconvolve.settings import MixtureSettings
from coculture.screen.deconvolve.what_is_dosed import IngredientNames
from coculture.screen.mixture_columns import INGREDIENT_COLUMNS, MIXTURE_EFFECT_COLUMNS
from coculture.screen.mixtures import MixtureTables, mixture_tables
from coculture.screen.settings import AnalysisSettings, Readout

HERBS = ("Huanglian", "Huangqin", "Huangbai", "Zhizi")
WEIGHTS = dict(zip(HERBS, (90.0, 60.0, 60.0, 90.0), strict=True))


def wells_of(treatments: list[str], values: list[float], negatives: int = 8, noise: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """Return normalised wells: the treatments beside negative controls at 100 percent."""
    draws = np.random.default_rng(seed).normal(0, noise, negatives + len(values)) if noise else np.zeros(negatives + len(values))
    value = np.array([100.0] * negatives + values) + draws
    texts = [""] * negatives + treatments
    return pd.DataFrame(
        {
            "plate": "P1",
            "well": [f"W{number}" for number in range(len(texts))],
            "role": ["negative"] * negatives + ["treatment"] * len(values),
            "treatment": texts,
            "compound": [text.rpartition(" ")[0].rpartition(" ")[0] for text in texts],
            "dose": [0.0] * negatives + [10.0] * len(values),
            "condition": "",
            "readout": "viability",
            "raw": value,
            "percent_of_control": value,
        }
    )


def analysed(wells: pd.DataFrame, **asked: object) -> MixtureTables:
    settings = AnalysisSettings(
        (Readout("viability", "viability", direction="down"),),
        mixture=MixtureSettings(**asked),  # type: ignore[arg-type]
    )
    return mixture_tables(wells, settings)


def designed(design: MixtureDesign, survival, replicates: int = 3, dose: float = 10.0) -> tuple[list[str], list[float]]:
    """Return treatments and values of a design; ``survival`` gives the share that lives from the set of what is in."""
    full = {name: Part(name, dose, "uM") for name in design.ingredients}
    texts, values = [], []
    for treatment in design.treatments(full):
        held = frozenset(part.compound for part in treatment.parts)
        if held:
            texts += [treatment.text] * replicates
            values += [100.0 * survival(held)] * replicates
    return texts, values


def herb_wells(names: dict[str, str] | None = None) -> pd.DataFrame:
    """Huanglian halves the cells; Huangqin and Zhizi only together leave 60 %. Herbs may be written otherwise."""
    said = {name: name for name in HERBS} | (names or {})
    texts, values = [], []
    for row in knock_out_and_in(HERBS).levels:
        held = [name for name, level in zip(HERBS, row, strict=True) if level]
        if held:
            alive = (0.5 if "Huanglian" in held else 1.0) * (0.6 if {"Huangqin", "Zhizi"} <= set(held) else 1.0)
            texts += [" + ".join(f"{said[name]} {WEIGHTS[name]:g} ug/mL" for name in held)] * 4
            values += [100.0 * alive] * 4
    return wells_of(texts, values, negatives=12, noise=2.0)


def test_a_leave_one_herb_out_screen_names_the_planted_herbs():
    table = analysed(herb_wells(), scale="log").effects.set_index(["kind", "ingredient"])
    assert set(table["mixture"]) == {"Huanglian Jiedu Tang"}
    assert table.loc["left out", "called"].to_dict() == {"Huanglian": True, "Huangqin": True, "Huangbai": False, "Zhizi": True}
    assert table.loc[("left out", "Huanglian"), "effect"] == pytest.approx(np.log(0.5), abs=0.15)
    assert table.loc[("left out", "Huanglian"), "reading"] == "needed and sufficient"
    assert table.loc[("left out", "Zhizi"), "reading"] == "needed, does nothing alone: acts with another"
    assert table.loc[("left out", "Huangbai"), "reading"] == "no effect seen"
    assert table.loc[("left out", "Huanglian"), "rank"] == 1
    assert table.loc[("whole", ""), "effect"] == pytest.approx(np.log(0.3), abs=0.15)
    assert table.loc["left out", "formula_role"].to_dict() == {
        "Huanglian": "君",
        "Huangqin": "臣",
        "Huangbai": "佐",
        "Zhizi": "佐",
    }
    assert "黄连" in table.loc[("left out", "Huanglian"), "shown"]


def test_chinese_pinyin_and_latin_names_are_one_herb():
    plain = analysed(herb_wells()).effects
    renamed = analysed(herb_wells({"Huanglian": "黄连", "Huangqin": "huáng qín", "Zhizi": "Gardeniae Fructus"})).effects
    pd.testing.assert_frame_equal(plain, renamed)


def test_a_formula_by_name_and_without_a_herb_is_the_same_design():
    texts = ["黄连解毒汤 300 ug/mL"] * 3
    texts += [f"Huanglian Jiedu Tang without {herb} 300 ug/mL" for herb in HERBS for _ in range(3)]
    values = [30.0, 31.0, 29.0] + [60.0, 61.0, 59.0] + [30.0, 31.0, 29.0] * 3
    found = analysed(wells_of(texts, values, noise=1.0)).effects.set_index(["kind", "ingredient"])
    assert found.loc["left out", "called"].to_dict() == {"Huanglian": True, "Huangqin": False, "Huangbai": False, "Zhizi": False}
    assert found.loc["left out", "level_percent"].unique().tolist() == [100.0]
    mixture = find_mixtures(texts, ["treatment"] * len(texts), MixtureSettings(), IngredientNames())[0]
    assert dict(zip(mixture.ingredients, mixture.full, strict=True)) == pytest.approx(WEIGHTS)


def test_every_strength_is_a_design_of_its_own():
    names = ("a", "b", "c")
    full = designed(leave_one_out(names), lambda held: 0.5 if "a" in held else 1.0)
    half = designed(leave_one_out(names), lambda held: 0.8 if "a" in held else 1.0, dose=5.0)
    table = analysed(wells_of(full[0] + half[0], full[1] + half[1], noise=2.0)).effects
    lost = table[(table["kind"] == "left out") & (table["ingredient"] == "a")].set_index("level_percent")["effect"]
    assert lost[100.0] == pytest.approx(-50, abs=4)
    assert lost[50.0] == pytest.approx(-20, abs=4)


def test_pairs_that_are_left_out_tell_the_interaction():
    texts, values = designed(leave_one_out(("a", "b", "c"), pairs=True), lambda held: 0.4 if {"a", "b"} <= held else 1.0)
    table = analysed(wells_of(texts, values, noise=2.0)).effects
    pairs = table[table["kind"] == "pair in the whole"].set_index(["ingredient", "second"])
    assert pairs["called"].to_dict() == {("a", "b"): True, ("a", "c"): False, ("b", "c"): False}
    assert pairs.loc[("a", "b"), "effect"] == pytest.approx(-60, abs=6)
    assert analysed(wells_of(texts, values, noise=2.0), pairs=False).effects["second"].eq("").all()


def test_an_orthogonal_array_gives_main_effects():
    names = tuple("abcde")
    texts, values = designed(orthogonal(names), lambda held: (0.6 if "b" in held else 1.0) * (0.8 if "d" in held else 1.0))
    table = analysed(wells_of(texts, values, negatives=3, noise=2.0), scale="log", design="factorial").effects
    main = table[table["kind"] == "main effect"].set_index("ingredient")
    assert main.index[main["called"]].tolist() == ["b", "d"]
    assert main.loc["b", "effect"] == pytest.approx(np.log(0.6), abs=0.06)
    assert set(table["design"]) == {"factorial"}


def test_three_levels_are_read_from_their_doses():
    names = ("a", "b", "c")
    design = orthogonal(names, 3)
    full = {name: Part(name, 8.0, "uM") for name in names}
    texts, values = [], []
    for treatment in design.treatments(full):
        doses = {part.compound: part.dose for part in treatment.parts}
        if doses:
            texts += [treatment.text] * 3
            values += [100.0 - 5.0 * doses.get("c", 0.0)] * 3
    wells = wells_of(texts, values, negatives=3, noise=1.0)
    group = designed_groups(find_mixtures(wells["treatment"], wells["role"], MixtureSettings(), IngredientNames())[0])[0]
    assert group.design.level_count == 3
    main = analysed(wells).effects.query("kind == 'main effect'").set_index("ingredient")["effect"]
    assert main["c"] == pytest.approx(-40, abs=3)
    assert abs(main["a"]) < 3


def test_pools_give_candidates_and_fresh_wells_confirm_them():
    names = tuple(f"F{number:02d}" for number in range(1, 25))

    def survival(held):
        return (0.5 if "F03" in held else 1.0) * (0.4 if "F10" in held else 1.0)

    texts, values = designed(pooled(names, 30, seed=2), survival, replicates=1)
    more = designed(confirmation_design(names, ["F03", "F10", "F20"]), survival)
    wells = wells_of(texts + more[0], values + more[1], noise=1.0)
    found = analysed(wells, scale="log")
    table = found.effects
    assert {"F03", "F10"} <= set(table.loc[table["kind"] == "candidate", "ingredient"])
    assert not table.loc[table["kind"] == "candidate", "called"].any()
    assert table[table["kind"] == "alone"].set_index("ingredient")["called"].to_dict() == {"F03": True, "F10": True, "F20": False}
    alone = analysed(wells_of(texts, values, noise=1.0), scale="log")
    assert "no candidate was confirmed" in " ".join(alone.notes)


def test_what_the_controls_hold_too_is_background_and_strangers_are_left_out():
    texts, values = designed(leave_one_out(("a", "b", "c")), lambda held: 0.5 if "a" in held else 1.0)
    plain = analysed(wells_of(texts, values, noise=1.0)).effects
    wells = wells_of([f"{text} + serum 10 ug/mL" for text in texts], values, noise=1.0)
    wells.loc[wells["role"] == "negative", "treatment"] = "serum 10 ug/mL"
    stranger = wells.iloc[-1:].assign(
        treatment="a 10 uM + b 10 uM + poison 1 uM + serum 10 ug/mL", percent_of_control=0.0, role="positive"
    )
    pd.testing.assert_frame_equal(plain, analysed(pd.concat([wells, stranger], ignore_index=True)).effects)


def test_what_cannot_be_analysed_is_told_and_fails_nothing():
    single = analysed(wells_of(["a 1 uM", "b 1 uM"], [50.0, 60.0]))
    assert single.effects.empty
    assert "no two ingredients share a well" in single.notes[0]
    units = analysed(wells_of(["a 1 uM + b 1 uM", "a 1 ug/mL + b 1 uM"], [50.0, 60.0]))
    assert "'a' is dosed in uM in some wells and in ug/mL in others" in units.notes[0]
    odd = analysed(wells_of(["a 1 uM + b 1 uM", "a 0.7313579 uM + b 1 uM"], [50.0, 60.0]))
    assert "are on no even ladder" in odd.notes[0]
    texts, values = designed(leave_one_out(("a", "b", "c")), lambda held: 0.5)
    lost = analysed(wells_of([*texts, texts[0]], [*values, -3.0], noise=1.0), scale="log")
    assert "1 wells have no value on the scale" in " ".join(lost.notes)
    assert not lost.effects.empty
    noise = analysed(wells_of(texts[::3], values[::3], negatives=1))
    assert "no run is repeated" in noise.notes[0]
    with pytest.raises(InputError, match="there is no 'Unheard Tang' in the library"):
        find_mixtures(texts, ["treatment"] * len(texts), MixtureSettings(formula="Unheard Tang"), IngredientNames())
    with pytest.raises(DataError, match="no well holds only ingredients of 黄连解毒汤"):
        find_mixtures(texts, ["treatment"] * len(texts), MixtureSettings(formula="黄连解毒汤"), IngredientNames())


def test_an_effect_too_small_to_matter_is_not_called():
    texts, values = designed(knock_out_and_in(("a", "b", "c")), lambda held: 0.97 if "a" in held else 1.0)
    wells = wells_of(texts, values, noise=0.2)
    for least, reading in ((0.0, "needed and sufficient"), (5.0, "no effect seen")):
        table = analysed(wells, minimum_effect=least).effects.query("ingredient == 'a' and second == ''")
        assert set(table["reading"]) == {reading}
        assert set(table["called"]) == {least == 0.0}


def test_settings_are_checked():
    with pytest.raises(InputError) as error:
        MixtureSettings(
            formula="a",
            ingredients=("b",),
            design="guess",
            scale="cube",
            fdr=0.0,
            minimum_effect=-1,
            bootstraps=3,
            methods=("luck",),
        )  # type: ignore[arg-type]
    told = [problem.what for problem in error.value.problems]
    assert told == [
        "design 'guess' is not known",
        "scale 'cube' is not known",
        "a formula and a list of ingredients are both given",
        "fdr is 0.0",
        "minimum_effect is -1",
        "bootstraps is 3, permutations 2000, top 10",
        "the ranking 'luck' is not known",
    ]


def fractions(driven: bool = False) -> tuple[pd.DataFrame, Composition]:
    """Twelve fractions with thirty peaks; peak 4 carries the activity, or one fraction alone does."""
    draws = np.random.default_rng(5)
    contents = draws.uniform(0.0, 2.0, (12, 30))
    names = tuple(f"F{number}" for number in range(1, 13))
    left = 100.0 - 20.0 * contents[:, 3] + draws.normal(0, 1, 12)
    if driven:
        contents[7, :6] += 40.0
        left = np.where(np.arange(12) == 7, 5.0, 99.0 + draws.normal(0, 1, 12))
    wells = wells_of([f"{name} 10 ug/mL" for name in names for _ in range(2)], list(np.repeat(left, 2)), noise=0.5)
    return wells, Composition("peaks.csv", names, tuple(f"peak {number}" for number in range(1, 31)), contents)


def test_the_feature_that_carries_the_activity_ranks_first():
    wells, composition = fractions()
    found = analysed(
        wells, design="none", composition=composition, bootstraps=30, methods=("correlation", "grey-relation", "vip")
    )
    table = found.ingredients
    assert list(table.columns) == [column.name for column in INGREDIENT_COLUMNS]
    assert table["feature"].iloc[0] == "peak 4"
    assert table["called"].iloc[0]
    assert table["rank_high"].iloc[0] <= 3
    assert (table["n_fractions"] == 12).all()
    assert found.effects.empty
    assert list(found.effects.columns) == [column.name for column in MIXTURE_EFFECT_COLUMNS]


def test_one_fraction_that_drives_the_result_is_named_and_nothing_is_called():
    wells, composition = fractions(driven=True)
    found = analysed(wells, design="none", composition=composition, bootstraps=20, methods=("correlation",))
    assert set(found.ingredients["driver"]) == {"F8"}
    assert not found.ingredients["called"].any()
    assert "fraction F8 drives the result" in " ".join(found.notes)


def test_several_readouts_are_ranked_together():
    wells, composition = fractions()
    other = wells.assign(readout="second", percent_of_control=wells["percent_of_control"][::-1].to_numpy())
    settings = AnalysisSettings(
        (Readout("viability", "v", direction="down"), Readout("second", "s", direction="both")),
        mixture=MixtureSettings(design="none", composition=composition, bootstraps=20, methods=("correlation",)),
    )
    table = mixture_tables(pd.concat([wells, other]), settings).ingredients
    assert table.groupby("readout").size().to_dict() == {"viability": 30, "second": 30, "all read-outs": 30}
    over = table[table["readout"] == "all read-outs"].set_index("feature")
    assert over.loc["peak 4", "best_readout"] == "viability"
    assert over["activity_score"].notna().all()


def test_the_library_knows_what_herbs_hold():
    texts = [f"{name} {dose} ug/mL" for name in ("Huanglian", "Huangbai", "Gancao", "Huangqin") for dose in (50, 100)]
    alive = [80.0, 60.0, 92.0, 84.0, 100.0, 99.0, 101.0, 100.0]
    found = analysed(wells_of([*texts, "brick dust 1 ug/mL"], [*alive, 100.0]), design="none", composition=LIBRARY, bootstraps=20)
    top = set(found.ingredients.head(4)["feature"])
    assert "berberine" in top
    assert "does not know what is in 1 treatments" in " ".join(found.notes)


def test_fractions_without_wells_are_told():
    wells, composition = fractions()
    more = Composition("p", (*composition.fractions, "F99"), composition.features, np.vstack([composition.contents, np.ones(30)]))
    found = analysed(wells, design="none", composition=more, bootstraps=20, methods=("correlation",))
    assert "1 fractions without activity were left out: F99" in " ".join(found.notes)
    few = analysed(wells[wells["treatment"].isin(("", "F1 10 ug/mL", "F2 10 ug/mL"))], design="none", composition=composition)
    assert few.ingredients.empty
    assert "there are 2 fractions, a ranking needs at least 4" in " ".join(few.notes)


def test_a_composition_is_checked():
    with pytest.raises(InputError, match="contents have the shape"):
        Composition("p", ("a",), ("x", "y"), np.ones((1, 3)))
    with pytest.raises(InputError, match="the content of 'y' in 'a' is -1"):
        Composition("p", ("a",), ("x", "y"), np.array([[1.0, -1.0]]))
