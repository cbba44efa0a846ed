"""Do the readouts name something that will be measured?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coculture.plate.columns import OBJECTS, is_feature
from coculture.run.check.finding import Finding
from coculture.run.recipe.analysis import ReadoutSection
from coculture.run.recipe.complaints import did_you_mean

CHANNEL_FAMILIES = ("intensity", "translocation", "texture", "distribution")
"""Families whose features are of one channel, which ends their name."""


def check_feature_name(
    readout: ReadoutSection, position: int, file: str, families: Sequence[str], channels: Sequence[str]
) -> Iterator[Finding]:
    """Check that a readout's feature follows the grammar and is of a family and a channel that will be measured."""
    feature, where = readout.feature or "", f"{file}, readout[{position}].feature"
    grammar = "features are named <object>_<family>_<what>[_<channel>], as nucleus_shape_area_um2"
    if not is_feature(feature):
        remedy = f"{grammar}; objects are {', '.join(OBJECTS)}"
        yield Finding.error(f"'{feature}' is not the name of a feature", where, remedy)
        return
    family = feature.split("_")[1]
    if family not in families:
        remedy = f"{did_you_mean(family, families)}measure.families are: {', '.join(families)}"
        yield Finding.error(f"no family '{family}' is measured", where, remedy)
        return
    channel = feature.rsplit("_", 1)[1]
    if family in CHANNEL_FAMILIES and not feature.endswith(tuple(f"_{name}" for name in channels)):
        remedy = f"{did_you_mean(channel, channels)}the channels of [source.channels] are: {', '.join(channels)}"
        yield Finding.error(f"no channel '{channel}' is measured", where, remedy)
