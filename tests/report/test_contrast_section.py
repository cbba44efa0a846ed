"""The section that draws donors from one condition to the other."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from left_in_english import left_in_english, names_in
from tests.screen.made_contrast import screen, settings

from coculture.report.figures.paired_lines import Pair, paired_lines
from coculture.report.language import speaking
from coculture.report.pages import make_page, render
from coculture.report.reading import Results, read_results
from coculture.report.sections.classes import classes_section
from coculture.report.sections.contrasts import contrasts_section
from coculture.screen.engine import analyse
from coculture.store.provenance import write_run_json
from coculture.store.tables import table_path, write_table

RECIPE = """
[screen]
name = "made"
[[readout]]
name = "value"
column = "value"
about = "viability"
normalise = "as-given"
[analysis]
normalise = "as-given"
[analysis.contrast]
reference = "mono"
tested = "co"
pair_by = "donor"
method = "paired-moderated-t"
[analysis.contrast.toxic_doses]
strong = [10.0]
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("contrast")
    wells = screen(6, {"strong": 30.0, "weak": 8.0, "nothing": 0.0}, between=1.0)
    found = analyse(wells, settings("paired-moderated-t", toxic_doses={"strong": (10.0,)}))
    write_table(wells, table_path(folder, "wells"))
    for kind in ("quality", "normalised", "hits", "curves", "bands"):
        write_table(getattr(found, kind), folder / f"{kind}.parquet")
    write_run_json(folder, settings=tomllib.loads(RECIPE), seed=1, inputs={}, outputs={}, notes=())
    return read_results(folder)


def test_every_donor_of_the_strongest_compound_is_a_line(results: Results) -> None:
    section = contrasts_section(results)
    assert section is not None
    assert len(section.plots) == 1
    (plot,) = section.plots
    assert plot.caption.startswith("strong, co against mono: 6 of 6 donors rise; difference 3")
    assert "95 % interval" in plot.caption
    assert plot.drawing.count('class="pair rises"') == 6
    assert "6 of 6 rise from mono to co" in plot.drawing


def test_lines_fall_and_rise() -> None:
    drawn = paired_lines([Pair("a", 1.0, 2.0), Pair("<b>", 3.0, 1.0), Pair("c", 2.0, 2.5)], ("mono", "co"), "value", title="t")
    assert drawn.count('class="pair rises"') == 2
    assert drawn.count('class="pair falls"') == 1
    assert "&lt;b&gt;" in drawn
    assert "2 of 3 rise from mono to co" in drawn


def test_contrasts_are_in_classes(results: Results) -> None:
    section = classes_section(results)
    assert section is not None
    assert section.plots[0].counts == "2 interaction-specific, 1 inactive"
    assert "difference between conditions in value" in section.plots[0].drawing


def test_the_page_has_both(results: Results) -> None:
    page = render(make_page(results))
    assert 'id="contrasts"' in page
    assert "variances were shared over compounds" in page


def test_nothing_of_it_is_left_in_english(results: Results) -> None:
    with speaking("zh-Hant"):
        page = render(make_page(results))
    assert 'id="contrasts"' in page
    assert left_in_english(page, names_in(results)) == {}


def test_no_section_without_a_contrast(results: Results) -> None:
    assert contrasts_section(replace(results, settings={})) is None
