"""The library that comes with the program: names, sources, and what others rest on."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from coculture.cells.behaviours import BEHAVIOURS
from coculture.compounds import library
from coculture.compounds.carrier import Carrier
from coculture.compounds.citation import EVIDENCE
from coculture.compounds.compound import Compound
from coculture.compounds.effects.behaviour import BehaviourEffect
from coculture.compounds.evidence import assumed_parts, curve_counts, evidence_counts
from coculture.compounds.files.reading import parse_entry
from coculture.compounds.formula import Formula
from coculture.compounds.herb import Extract, Herb
from coculture.compounds.library import Library, find, standard_library
from coculture.compounds.molar_mass import molar_mass_g_per_mol
from coculture.errors import InputError

DATA = resources.files("coculture.compounds") / "data"
FILES = sorted(str(item) for folder in library.FOLDERS for item in (DATA / folder).iterdir() if item.name.endswith(".toml"))


def numbers(value: Any, path: str = "", table: dict[str, Any] | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every number of a TOML tree with the table it stands in."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from numbers(below, f"{path}.{key}", value)
    elif isinstance(value, list):
        for place, below in enumerate(value):
            yield from numbers(below, f"{path}[{place}]", table)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, table or {}


def without_source(tree: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the source of each number that has none, or one the file does not hold."""
    for path, table in numbers(tree):
        if "source" not in table:
            yield f"{path} has no source"
        elif table["source"] not in tree["sources"]:
            yield f"{path}: no source '{table['source']}'"


@pytest.mark.parametrize("file", FILES, ids=lambda file: Path(file).stem)
def test_every_number_stands_beside_its_source(file: str) -> None:
    tree = tomllib.loads(Path(file).read_text(encoding="utf-8"))
    assert not list(without_source(tree))
    for source in tree.get("sources", {}).values():
        assert source["evidence"] in EVIDENCE
        assert len(source["text"]) > 20
        if source["evidence"] == "assumed":
            assert source["text"].startswith("Chosen by us")


def test_the_test_of_sources_can_fail() -> None:
    tree = tomllib.loads("[physical]\nlog_p = {value = 1.5}\nother = 2")
    assert [table.get("source") for _, table in numbers(tree)] == [None, None]


def test_taking_away_any_source_of_any_number_is_noticed() -> None:
    taken = 0
    for file in FILES:
        text = Path(file).read_text(encoding="utf-8")
        whole = tomllib.loads(text)
        for place in range(len(list(numbers(whole)))):
            tree = tomllib.loads(text)
            path, table = list(numbers(tree))[place]
            del table["source"]
            assert any(path in told for told in without_source(tree)), (file, path)
            taken += 1
        for key in whole["sources"]:
            tree = tomllib.loads(text)
            del tree["sources"][key]
            if any(table["source"] == key for _, table in numbers(tree)):
                assert list(without_source(tree))
    assert taken > 250


def test_a_file_with_a_number_without_source_is_not_read() -> None:
    text = (DATA / "compounds" / "plerixafor.toml").read_text(encoding="utf-8")
    start = text.index("half_um")
    line = text[start : text.index("\n", start)]
    cut = re.sub(r', source = "\w+"', "", line)
    assert cut != line
    with pytest.raises(InputError, match=r"half_um\.source"):
        parse_entry(text.replace(line, cut), "plerixafor.toml")


def test_numbers_are_counted_by_evidence_and_none_is_left_out() -> None:
    books = list(standard_library())
    counted = evidence_counts(books)
    assert list(counted) == list(EVIDENCE)
    ranges = sum(1 for file in FILES for _ in numbers(tomllib.loads(Path(file).read_text(encoding="utf-8"))))
    assert 0.7 * ranges < sum(counted.values()) <= ranges  # a range is two numbers and counts once
    curves = curve_counts(books)
    assert sum(curves.values()) == sum(len(getattr(entry, "effects", ())) for entry in books)
    antagonist = find("plerixafor").effects[0]  # type: ignore[union-attr]
    assert assumed_parts(antagonist) == ("slope",)


def test_a_note_states_no_number_of_its_own() -> None:
    measured = re.compile(r"\d+(\.\d+)?\s*(µM|nM|µg/mL|mg/g|g/mol|%)")
    for entry in standard_library():
        assert measured.search(entry.note) is None, entry.name


def test_names_in_chinese_pinyin_and_latin_are_one() -> None:
    assert library.find("黄连") is find("Huanglian") is find("Coptis chinensis") is find("黃連")
    assert find("huáng lián") is find("Huang Lian") is find("HUANG-LIAN") is find("Coptidis Rhizoma")
    assert find("黄连解毒汤") is find("黃連解毒湯") is find("Huánglián Jiědú Tāng")
    assert find("当归补血汤") is find("Danggui Buxue Tang")
    assert find("18-beta-glycyrrhetinic acid") is find("18β-glycyrrhetinic acid")


def test_what_there_must_be() -> None:
    books = standard_library()
    assert len(books.of_kind(Herb)) >= 5
    assert len(books.of_kind(Formula)) >= 2
    assert len(books.of_kind(Carrier)) >= 1
    roles = [member.role for member in books.get("黄连解毒汤", Formula).members]
    assert roles == ["君", "臣", "佐", "佐"]


def test_every_row_of_the_reference_panel_has_an_entry(shared_data: Path) -> None:
    with (shared_data / "interaction_panel.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 33
    for row in rows:
        entry = find(row["compound"])
        assert isinstance(entry, Compound | Extract)
        assert entry.active is not None
        assert entry.interaction
        assert entry.direction
        assert bool(entry.effects) == (row["class"] != "vehicle"), entry.name


def test_active_ranges_are_those_of_the_panel(shared_data: Path) -> None:
    with (shared_data / "interaction_panel.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["compound"]: row["typical_active_range"] for row in csv.DictReader(lines)}
    for name in ("carbenoxolone", "Gap19", "mefloquine", "berberine", "shikonin", "Danshen aqueous extract", "dasatinib"):
        entry = find(name)
        assert isinstance(entry, Compound | Extract)
        assert entry.active is not None
        low, high = (float(end) for end in rows[name].split()[0].split("-"))
        assert (entry.active.dose.low, entry.active.dose.high) == (low, high)


def test_behaviours_are_those_cells_have() -> None:
    patterns = [re.compile(re.sub(r"\\{\w+\\}", r"(\\w+|{\\w+})", re.escape(one.name))) for one in BEHAVIOURS]
    seen = 0
    for entry in standard_library():
        for effect in getattr(entry, "effects", ()):
            if isinstance(effect, BehaviourEffect):
                seen += 1
                assert any(pattern.fullmatch(effect.behaviour) for pattern in patterns), effect.behaviour
    assert seen >= 8


def test_every_compound_can_be_weighed_and_diffuses() -> None:
    for compound in standard_library().of_kind(Compound):
        assert compound.molar_mass() > 50
        diffusion = compound.diffusion()
        assert 1e3 < diffusion.um2_per_min < 1e5
        assert diffusion.method
        if compound.identity.formula:
            assert compound.molar_mass() == pytest.approx(molar_mass_g_per_mol(compound.identity.formula), rel=1e-4)


def test_an_unknown_name_says_what_is_near() -> None:
    with pytest.raises(InputError, match="did you mean 'plerixafor'"):
        find("plerixafar")


def test_the_wrong_kind_is_named() -> None:
    with pytest.raises(InputError, match="'黄连' is no compound but a herb"):
        standard_library().get("黄连", Compound)


def entry(text: str, file: str) -> dict[str, Any]:
    return {file: parse_entry(text, file)}


def test_two_entries_may_not_share_a_name() -> None:
    one = entry('name = "a"\nkind = "peptide"\n[names]\nenglish = ["shared"]', "a.toml")
    two = entry('name = "b"\nkind = "peptide"\n[names]\npinyin = ["Shà red"]', "b.toml")
    with pytest.raises(InputError, match=r"b\.toml: the name 'Shà red' is also one of 'a' \(a\.toml\)"):
        Library(one | two)


def test_a_herb_needs_its_compounds() -> None:
    text = """
name = "herb"
kind = "herb"
part = "root"
[[ingredient]]
compound = "nothing"
content_mg_per_g = { low = 1, source = "s" }
[sources.s]
text = "a book that states it"
evidence = "read"
"""
    with pytest.raises(InputError, match=r"herb\.toml: there is no compound 'nothing'"):
        Library(entry(text, "herb.toml"))


def test_files_of_ones_own_join_the_library(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('name = "compound 17"\nkind = "small molecule"\n', encoding="utf-8")
    books = standard_library().with_files([path])
    assert books.find("Compound-17").name == "compound 17"
    assert books.file_of(books.find("compound 17")) == str(path)
    assert books.find("黄连") is find("黄连")
