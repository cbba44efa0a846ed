"""One compound's panel of dose-response: its wells, the controls beside them, its curves, and what the fit says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from coculture import units
from coculture.report.figures.dose_curve import DosePanel, DosePoint, DoseSeries, dose_curve
from coculture.report.language import say
from coculture.report.readouts import Readout
from coculture.report.records import records
from coculture.report.words.curves import fit_in_words
from coculture.report.words.numbers import count, dose, real, significant, text_of

MOST_POINTS = 120
"""With more wells in a series, each dose is drawn as its median and middle half."""

MOST_CONTROLS = 60

CONTROLS = ("negative", "positive")


@dataclass(frozen=True)
class CurvePanel:
    """One compound: its drawing and what the fit says, a line per arm (name of the arm, sentence)."""

    compound: str
    drawing: Markup
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PanelSource:
    """What every panel of one read-out is drawn from.

    Attributes
    ----------
    readout : the read-out.
    axis : name of the scale of the column ``value``.
    curves, bands : the fits of this read-out.
    wells : its wells, with what is drawn in a column ``value``.
    values : ends of the value axis.
    """

    readout: Readout
    axis: str
    curves: pd.DataFrame
    bands: pd.DataFrame
    wells: pd.DataFrame
    values: tuple[float, float]


def curve_panel(source: PanelSource, compound: str) -> CurvePanel:
    """Return the panel of ``compound``."""
    fits = records(source.curves[source.curves["compound"] == compound])
    mine = (source.wells["compound"] == compound) & (source.wells["dose"].astype(float) > 0)
    bands = source.bands[source.bands["compound"] == compound]
    unit = text_of(fits[0]["dose_unit"])
    lines = tuple((text_of(fit["condition"]), fit_in_words(fit)) for fit in fits)
    panel = DosePanel(
        series=[_series(fit, _arm(source.wells[mine], fit), _arm(bands, fit)) for fit in fits],
        controls=_controls(source.wells[~mine]),
        levels=_levels(source.wells),
        logarithmic=unit != "step",
        dose_label=say("dose step (ordered)") if unit == "step" else say("dose, {unit}", unit=units.label(unit)),
        value_label=source.axis,
    )
    title = say("Dose-response of {compound}, {label}", compound=compound, label=source.readout.label)
    spoken = say("; ").join(f"{arm}: {line}" if arm else line for arm, line in lines)
    return CurvePanel(compound, dose_curve(panel, source.values, title=title, description=spoken), lines)


def _arm(frame: pd.DataFrame, fit: dict[str, object]) -> pd.DataFrame:
    """Return the rows of the fit's condition; all rows where the screen has no conditions."""
    arm = text_of(fit["condition"])
    return frame if not arm else frame[frame["condition"] == arm]


def _series(fit: dict[str, object], wells: pd.DataFrame, bands: pd.DataFrame) -> DoseSeries:
    ordered = bands.sort_values("dose", kind="stable")
    rows = list(zip(*(ordered[name].astype(float) for name in ("dose", "fitted", "low", "high")), strict=True))
    return DoseSeries(
        name=text_of(fit["condition"]),
        points=tuple(_points(wells)),
        curve=tuple((x, fitted) for x, fitted, _, _ in rows if fitted == fitted),
        band=tuple((x, low, high) for x, _, low, high in rows if low == low and high == high),
        ec50=real(fit["ec50"]),
        ec50_low=real(fit["ec50_low"]),
        ec50_high=real(fit["ec50_high"]),
    )


def _points(wells: pd.DataFrame) -> Iterator[DosePoint]:
    if len(wells) <= MOST_POINTS:
        named = zip(*(wells[name] for name in ("plate", "well", "role", "dose", "dose_unit", "value")), strict=True)
        for plate, well, role, amount, unit, value in named:
            control = say(str(role)) if role in CONTROLS else ""
            text = " · ".join(part for part in (f"{plate} {well}", control, dose(amount, unit), significant(value)) if part)
            yield DosePoint(float(amount), float(value), text, role=control)
        return
    treated = wells[~wells["role"].isin(CONTROLS)]
    for amount, rows in treated.groupby(treated["dose"].astype(float), sort=True):
        yield _middle(rows["value"], float(str(amount)), dose(amount, rows["dose_unit"].iloc[0]))


def _middle(values: pd.Series, amount: float, name: str, role: str = "") -> DosePoint:
    """Return many wells as one point: their median and middle half."""
    lower, middle, upper = (float(value) for value in values.astype(float).quantile([0.25, 0.5, 0.75]))
    text = say("{name} · median of {wells}: {middle}", name=name, wells=count(len(values), "well"), middle=significant(middle))
    return DosePoint(amount, middle, text, lower, upper, role)


def _controls(wells: pd.DataFrame) -> dict[str, Sequence[DosePoint]]:
    """Return the controls that were not given the compound itself, by role; many as their median and middle half."""
    found: dict[str, Sequence[DosePoint]] = {}
    for role in CONTROLS:
        rows = wells[wells["role"] == role]
        if len(rows) > MOST_CONTROLS:
            found[role] = [_middle(rows["value"], 0.0, say("{role} controls", role=say(role)), role)]
        elif len(rows):
            named = zip(rows["plate"], rows["well"], rows["value"], strict=True)
            found[role] = [
                DosePoint(
                    0.0,
                    float(v),
                    say("{plate} {well} · {role} control · {value}", plate=p, well=w, role=say(role), value=significant(v)),
                    role=role,
                )
                for p, w, v in named
            ]
    return found


def _levels(wells: pd.DataFrame) -> dict[str, float]:
    medians = {role: wells.loc[wells["role"] == role, "value"].astype(float).median() for role in CONTROLS}
    return {role: float(value) for role, value in medians.items() if value == value}
