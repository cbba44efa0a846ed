"""Is an image fit to be measured: focus, saturation, background, emptiness, debris.

**Focus** is the square root of the ratio of fine to coarse power in the image's spectrum,

    focus = sqrt( max(Σ_fine (P(f) − P_noise), 0)  /  Σ_coarse P(f) ),

where P is the power spectrum along rows and along columns (every fourth line, Hann window, mean removed; the two
directions enter as a geometric mean). With a nucleus of diameter d pixels, coarse are periods from 3.5 d to d / 1.8 and
fine are periods from d / 1.8 to d / 6 (never below 2.5 pixels); P_noise is the mean power above 0.42 cycles per pixel.
Blur removes fine structure and leaves coarse structure. Brightness cancels, and so does the number of cells, since both
sums grow with it. Power-spectrum measures are the ones found robust for screens (Bray et al. 2012, J Biomol Screen
17:266; Firestone et al. 1991, Cytometry 12:195 compare others). Scores compare images of one channel of one screen; whether a
field is out of focus is therefore judged over the plate, by :func:`flag_fields`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.fft import rfft

from coculture.errors import InputError

FIELD_QUALITY_COLUMNS = (
    "channel",
    "focus",
    "saturated_fraction",
    "background",
    "debris_fraction",
    "out_of_focus",
    "saturated",
    "empty",
    "debris",
)
"""Columns of :func:`field_quality`, as declared in :data:`coculture.plate.columns.FIELD_COLUMNS`."""

_LINE_STEP = 4
_NOISE_BAND = 0.42
_FEWEST_NUCLEI = 5
_FEWEST_FIELDS = 8
_MAD_TO_SD = 1.4826


@dataclass(frozen=True)
class QualitySettings:
    """When a field is flagged.

    Attributes
    ----------
    nucleus_diameter_px : typical diameter of a nucleus; sets which structure is fine and which is coarse, and how large
        an object may be.
    max_saturated_fraction : more pixels at the camera's ceiling than this: saturated.
    max_debris_fraction : more of the image under debris than this: debris.
    debris_brightness : debris is what is so many times brighter than nuclei typically are in that channel, over background.
    debris_area : and every object of more than so many nuclear areas π d² / 4.
    focus_z : a field is out of focus where log focus lies so many robust standard deviations below its channel's median
        (3.5: Iglewicz & Hoaglin 1993).
    focus_least_drop : and at least this fraction below the median: a very even plate has a very small spread.
    """

    nucleus_diameter_px: float = 18.0
    max_saturated_fraction: float = 0.01
    max_debris_fraction: float = 0.05
    debris_brightness: float = 10.0
    debris_area: float = 15.0
    focus_z: float = 3.5
    focus_least_drop: float = 0.15


def field_quality(
    pixels: NDArray[Any],
    channels: tuple[str, ...],
    nuclei_labels: NDArray[np.integer[Any]],
    max_value: float,
    settings: QualitySettings | None = None,
) -> pd.DataFrame:
    """Judge each channel of one field, as the camera gave it (not corrected for illumination).

    Parameters
    ----------
    pixels : (C, Y, X), any real dtype.
    channels : C names.
    nuclei_labels : (Y, X), 0 is background.
    max_value : the camera's ceiling; infinite where it is not known, and then nothing counts as saturated.
    settings : see :class:`QualitySettings`.

    Returns
    -------
    One row a channel with :data:`FIELD_QUALITY_COLUMNS`. ``background`` is the middle of the shortest interval that holds a
    quarter of the pixels (Rousseeuw & Leroy 1988), ``debris_fraction`` the part of the image that is too bright or belongs
    to an object too large to be a nucleus; with fewer than 5 nuclei, too bright means at the ceiling. ``out_of_focus`` is False
    until :func:`flag_fields` has seen the plate.

    Raises
    ------
    InputError : if shapes and names do not fit.
    """
    settings = settings or QualitySettings()
    if pixels.ndim != 3 or len(channels) != len(pixels) or nuclei_labels.shape != pixels.shape[1:]:
        raise InputError(
            f"pixels of shape {pixels.shape}, {len(channels)} channels and labels of shape {nuclei_labels.shape} do not fit",
            remedy="give pixels (C, Y, X), C names, and labels (Y, X)",
        )
    areas = np.bincount(nuclei_labels.ravel())
    areas[:1] = 0
    empty = not areas.any()
    large = _too_large(nuclei_labels, areas, settings)
    rows = [
        _channel_row(image, name, nuclei_labels, int(np.count_nonzero(areas)), large, max_value, settings)
        for name, image in zip(channels, pixels, strict=True)
    ]
    frame = pd.DataFrame(rows).assign(empty=empty, out_of_focus=False)
    frame["saturated"] = frame["saturated_fraction"] > settings.max_saturated_fraction
    frame["debris"] = frame["debris_fraction"] > settings.max_debris_fraction
    return frame[list(FIELD_QUALITY_COLUMNS)]


def flag_fields(frame: pd.DataFrame, settings: QualitySettings | None = None) -> pd.DataFrame:
    """Set ``out_of_focus`` by comparing all fields of a plate, channel by channel.

    A field is out of focus where ``ln focus`` is a low outlier: more than ``focus_z`` robust standard deviations (1.4826
    times the median absolute deviation) and more than ``focus_least_drop`` below the median. Empty fields are neither
    judged nor compared with. Fewer than 8 fields of a channel and plate cannot be compared; they stay False.

    Parameters
    ----------
    frame : fields of a screen with columns ``channel``, ``focus``, ``empty``, and ``plate`` if there are several; others
        are kept.

    Returns
    -------
    A copy with ``out_of_focus`` set.
    """
    settings = settings or QualitySettings()
    together = [frame[name] for name in ("plate", "channel") if name in frame.columns]
    has_objects = ~frame["empty"].astype(bool)
    judged = has_objects & (frame["focus"] > 0)
    log_focus = np.log(frame["focus"].where(judged))
    middle = log_focus.groupby(together).transform("median")
    spread = (log_focus - middle).abs().groupby(together).transform("median") * _MAD_TO_SD
    enough = judged.groupby(together).transform("sum") >= _FEWEST_FIELDS
    drop = middle - log_focus
    low = (drop > settings.focus_z * spread) & (drop > -np.log1p(-settings.focus_least_drop))
    return frame.assign(out_of_focus=(low | (has_objects & ~judged)) & enough)


def focus_score(image: NDArray[Any], nucleus_diameter_px: float) -> float:
    """Return the focus of one (Y, X) image (see the module); 0 for an image without coarse structure."""
    scores = [_fine_to_coarse(lines, nucleus_diameter_px) for lines in (image[::_LINE_STEP], image[:, ::_LINE_STEP].T)]
    return float(np.sqrt(np.sqrt(scores[0] * scores[1])))


def _fine_to_coarse(lines: NDArray[Any], diameter: float) -> float:
    """Return fine power over coarse power of (n, length) lines."""
    lines = np.array(lines, dtype=np.float32, order="C")
    lines -= lines.mean(axis=1, keepdims=True)
    lines *= np.hanning(lines.shape[1]).astype(np.float32)
    spectrum = rfft(lines, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).mean(axis=0, dtype=np.float64)
    frequency = np.arange(len(power)) / lines.shape[1]
    middle, finest = 1.8 / diameter, min(6 / diameter, 0.4)
    coarse = power[(frequency >= 1 / (3.5 * diameter)) & (frequency < middle)].sum()
    noise = power[frequency > _NOISE_BAND].mean()
    fine = (power[(frequency >= middle) & (frequency < finest)] - noise).sum()
    return max(float(fine / coarse), 0.0) if coarse > 0 else 0.0


def _channel_row(
    image: NDArray[Any],
    name: str,
    labels: NDArray[np.integer[Any]],
    n_nuclei: int,
    large: NDArray[np.bool_] | None,
    max_value: float,
    settings: QualitySettings,
) -> dict[str, object]:
    background = _background(image)
    bright = max_value
    if n_nuclei >= _FEWEST_NUCLEI:
        inside = image[::2, ::2][labels[::2, ::2] > 0]
        if inside.size:
            bright = background + settings.debris_brightness * max(float(np.median(inside)) - background, 1.0)
    too_bright = image > bright if n_nuclei >= _FEWEST_NUCLEI else image >= bright
    debris = too_bright if large is None else too_bright | large
    return {
        "channel": name,
        "focus": focus_score(image, settings.nucleus_diameter_px),
        "saturated_fraction": np.count_nonzero(image >= max_value) / image.size,
        "background": background,
        "debris_fraction": np.count_nonzero(debris) / image.size,
    }


def _too_large(
    labels: NDArray[np.integer[Any]], areas: NDArray[np.integer[Any]], settings: QualitySettings
) -> NDArray[np.bool_] | None:
    """Return the pixels of objects too large to be nuclei, None where there is none."""
    limit = settings.debris_area * np.pi / 4 * settings.nucleus_diameter_px**2
    large = areas > limit
    return large[labels] if large.any() else None


def _background(image: NDArray[Any]) -> float:
    """Return the middle of the shortest interval that holds a quarter of the pixels (a grid of some 10,000)."""
    step = max(1, int(np.sqrt(image.size / 10_000)))
    values = np.sort(image[::step, ::step], axis=None).astype(np.float64)
    part = max(1, len(values) // 4)
    widths = values[part:] - values[:-part]
    shortest = np.flatnonzero(widths == widths.min())
    start = int(shortest[len(shortest) // 2])
    return float(np.median(values[start : start + part + 1]))
