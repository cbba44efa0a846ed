"""Two screens compared: treatments are matched by what was dosed, wherever they lay."""

from __future__ import annotations

import re

import numpy as np
import pytest
from tests.web.conftest import asking, made_wells, write_screen


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory):
    root = tmp_path_factory.mktemp("compare")
    wells = made_wells()
    write_screen(root / "first", wells)
    moved = made_wells()
    moved["mixing"] = np.where(moved["compound"] == "compound 9", moved["mixing"] - 0.8, moved["mixing"])
    write_screen(root / "second", moved.assign(plate=moved["plate"].replace("P1", "Q1")))
    return asking([root])


def test_hits_of_both_and_of_one_are_counted(browser) -> None:
    page = browser.get("/screens/first/compare?other=second").text
    assert "21 treatments in both screens; hits in both: 1, only in this one: 0, only in the other: 1." in page
    assert len(re.findall(r'class="pair-both"', page)) == 1
    assert page.count('<a href="/screens/first/compound?name=') == 21
    assert len(re.findall(r'class="pair-one"', page)) == 1
    rho = float(re.search(r"Spearman\): ([\d.]+)\.", page).group(1))
    assert 0.5 < rho < 1.0


def test_classes_are_set_against_each_other(browser) -> None:
    page = browser.get("/screens/first/compare?other=second").text
    rows = dict(re.findall(r'<tr><th scope="row">([a-z -]+)</th>((?:<td class="number">\d+</td>)+)</tr>', page))
    inactive = [int(n) for n in re.findall(r">(\d+)<", rows["inactive"])]
    assert inactive[0] == 1, "compound 9 is interaction-specific in the other screen"
    assert sum(inactive) == 20


def test_another_screen_has_to_be_there(browser, client) -> None:
    assert browser.get("/screens/first/compare?other=nothing").status_code == 404
    assert "no other screen" in client.get("/screens/made-screen/compare").text
