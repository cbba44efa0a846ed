"""The rule of thumb for PDMS: thresholds, source, caveats."""

from __future__ import annotations

import pytest

from coculture.chip.materials.pdms.log_p_gate import CAVEATS, pdms_verdict
from coculture.errors import InputError


@pytest.mark.parametrize(
    ("log_p", "verdict"), [(-3.1, "kept"), (2.46, "kept"), (2.47, "unclear"), (2.62, "unclear"), (2.63, "lost")]
)
def test_thresholds(log_p: float, verdict: str) -> None:
    found = pdms_verdict(log_p)
    assert found.verdict == verdict
    assert f"{log_p:g}" in found.words


def test_every_verdict_carries_its_source_and_what_speaks_against_it() -> None:
    found = pdms_verdict(1.0)
    assert "Wang" in found.source
    assert "10.1007/s10439-012-0562-z" in found.source
    assert any("van Meer" in caveat for caveat in found.caveats)
    assert found.caveats == CAVEATS


def test_no_number_is_refused() -> None:
    with pytest.raises(InputError, match=r"log_p: .* at least -20 and at most 20, found 300"):
        pdms_verdict(300)
