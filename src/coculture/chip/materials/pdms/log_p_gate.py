"""Whether a compound is likely to be lost into PDMS, from its logP: a rule of thumb, with what speaks against it.

It does not replace a measured partition coefficient: it says when one is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coculture.sound_numbers import require_number

KEPT_BELOW = 2.47
LOST_ABOVE = 2.62
GATE_SOURCE = (
    "Wang, Douville, Takayama & ElSayed 2012, Ann Biomed Eng 40:1862, doi:10.1007/s10439-012-0562-z: five markers in PDMS "
    "channels; logP below 2.47 lost less than 10 %, above 2.62 more than 90 %"
)
CAVEATS = (
    "five compounds in one channel geometry: the two thresholds are what those five happened to be, not a law",
    "four cardiac drugs: absorption varied with time and was not determined by hydrophobicity alone; coatings and the "
    "presence of cells changed it (van Meer et al. 2017, Biochem Biophys Res Commun 482:323, doi:10.1016/j.bbrc.2016.11.062)",
    "TiO2 and glass coatings cut the loss of hydrophobic markers 2- and 4.5-fold (Wang et al. 2012)",
    "loss depends on the medium's volume per area of PDMS, on time and on flow; partition and diffusion coefficients measured "
    "for the compound predict it (Hermann et al. 2025, Lab Chip 25:2017, doi:10.1039/D4LC00840E)",
)
Verdict = Literal["kept", "unclear", "lost"]


@dataclass(frozen=True)
class PdmsVerdict:
    """What the rule says.

    Attributes
    ----------
    verdict : "kept" (less than 10 % lost), "lost" (more than 90 %), or "unclear" between the thresholds.
    words : the verdict in a sentence.
    source, caveats : where the rule is from, and what speaks against it.
    """

    verdict: Verdict
    words: str
    source: str = GATE_SOURCE
    caveats: tuple[str, ...] = CAVEATS


def pdms_verdict(log_p: float) -> PdmsVerdict:
    """Return what the logP of a compound lets expect in a PDMS channel; InputError if it is not a number from −20 to 20."""
    require_number(log_p, "log_p", least=-20, most=20, remedy="give the logarithm of the octanol-water partition coefficient")
    if log_p < KEPT_BELOW:
        return PdmsVerdict("kept", f"logP {log_p:g} is below {KEPT_BELOW}: little is expected to be lost into PDMS")
    if log_p > LOST_ABOVE:
        words = f"logP {log_p:g} is above {LOST_ABOVE}: most is expected to be lost into PDMS; measure the partition coefficient"
        return PdmsVerdict("lost", words)
    return PdmsVerdict("unclear", f"logP {log_p:g} lies between {KEPT_BELOW} and {LOST_ABOVE}: measure the partition coefficient")
