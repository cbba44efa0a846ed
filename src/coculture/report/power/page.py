"""``power.html``: what a power calculation found, on one page that needs nothing beside itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from coculture.errors import FileError
from coculture.report.figures.power_curves import PowerPoint, PowerSeries, power_curves
from coculture.report.language import USUAL, mark, retell, say, speaking
from coculture.report.templating import TEMPLATES, environment_of
from coculture.report.words.numbers import count, listed, percent, quoted, short, significant, span
from coculture.store.atomic import write_bytes
from coculture.store.tables import read_table

PAGE_FILE = "power.html"
ENOUGH = 0.8
LINES = (mark("purple, solid"), mark("green, dashed"), mark("blue, dotted"), mark("orange, solid"))
"""How the lines of a drawing look, in their order."""


@dataclass(frozen=True)
class SizeRow:
    """A row of the table of effect sizes: the size, power at each number of replicates, and how many are enough."""

    size: str
    powers: Sequence[str]
    enough: str


@dataclass(frozen=True)
class DensityRow:
    """A row of the table of densities."""

    cells: str
    spread: str
    effect: str
    in_sd: str
    power: str
    false_calls: str
    verdict: str
    reason: str


@dataclass(frozen=True)
class ReadoutPart:
    """What the page says of one read-out.

    Attributes
    ----------
    name : as the recipe labels it.
    primary : whether hits are ranked by it.
    statement : the answer in a sentence or two.
    curves : pairs of a caption and a drawing.
    legend : which line is which effect size.
    replicates : heads of the table of sizes.
    sizes, densities : rows of the tables.
    """

    name: str
    primary: bool
    statement: str
    curves: Sequence[tuple[str, Markup]]
    legend: str
    replicates: Sequence[str]
    sizes: Sequence[SizeRow]
    densities: Sequence[DensityRow]


@dataclass(frozen=True)
class PowerPage:
    """Everything the page's template may use."""

    title: str
    version: str
    asked: Sequence[str]
    parts: Sequence[ReadoutPart]
    notes: Sequence[str]


def write_power_page(folder: Path) -> Path:
    """Write the page from the tables in ``folder`` and return its path; the same tables give the same bytes.

    It speaks the language that the recipe asks for in ``report.language``.

    Raises
    ------
    FileError : if the folder does not hold the tables of a power calculation.
    """
    style = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))
    with speaking(str(_facts(folder).get("language") or USUAL)):
        text = environment_of().get_template("power.html.j2").render(page=power_page(folder), style=style)
    write_bytes(folder / PAGE_FILE, text.encode())
    return folder / PAGE_FILE


def power_page(folder: Path) -> PowerPage:
    """Return what the page shows.

    Raises
    ------
    FileError : as :func:`write_power_page`.
    """
    facts = _facts(folder)
    power, level, densities = (read_table(folder / f"{name}.parquet") for name in ("power", "level", "densities"))
    names = sorted(dict.fromkeys(power["readout"]), key=lambda name: name != facts["primary"])
    parts = [_part(name, _of(power, name), _of(level, name), _of(densities, name), facts) for name in names]
    return PowerPage(
        say("Power of the screen {name}", name=quoted(facts["name"])),
        facts["version"],
        _asked(facts),
        parts,
        [retell(note) for note in facts["notes"]],
    )


def _facts(folder: Path) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads((folder / "power.json").read_bytes())
    except (OSError, ValueError) as error:
        raise FileError("there is no power calculation", str(folder), "run: coculture power screen.toml") from error
    return facts


def _of(table: pd.DataFrame, readout: str) -> pd.DataFrame:
    return table[table["readout"] == readout].reset_index(drop=True)


def _asked(facts: Mapping[str, Any]) -> list[str]:
    simulated = facts["wells"] == "simulated"
    origin = (
        say("simulated as the recipe has them")
        if simulated
        else say("negative controls of {wells}, as they are and shifted", wells=facts["wells"])
    )
    controls = count(facts["negatives"], "negative control")
    return [
        say(
            "The effect to be found: {effect}. Its sizes are {sizes_are}.",
            effect=facts["effect"],
            sizes_are=retell(facts["sizes_are"]),
        ),
        say(
            "The screen: {treatments} of {wells} and {controls}, laid out as one plate; judged by {hit_method} at "
            "a false discovery rate of {fdr}.",
            treatments=count(facts["treatments"], "treatment"),
            wells=count(facts["own_replicates"], "well"),
            controls=controls,
            hit_method=facts["hit_method"],
            fdr=percent(facts["fdr"]),
        ),
        say(
            "Drawn: {screens} screens of each kind, with replacement, from {pilot_wells} wells, {origin}.",
            screens=facts["screens"],
            pilot_wells=facts["pilot_wells"],
            origin=origin,
        ),
    ]


def _part(name: str, power: pd.DataFrame, level: pd.DataFrame, densities: pd.DataFrame, facts: Mapping[str, Any]) -> ReadoutPart:
    density = float(min(densities["density"], key=lambda value: abs(value - 1.0)))
    here = power[power["density"] == density]
    own, largest = facts["own_replicates"], max(here["size"])
    mine = _records(here[(here["replicates"] == own) & (here["size"] == largest)])[0]
    replicates = sorted(set(here["replicates"]))
    sizes = sorted(set(here["size"]))
    curves = [
        (
            say(
                "Against replicates, at {cells_per_well} a well; one line an effect size.",
                cells_per_well=_cells(mine["cells_per_well"]),
            ),
            _by_replicates(here, sizes),
        )
    ]
    if len(densities) > 1:
        chosen = power[power["replicates"] == own]
        words = say("Against cells a well, with {wells} a treatment; one line an effect size.", wells=count(own, "well"))
        curves.append((words, _by_density(chosen, sizes)))
    return ReadoutPart(
        name=str(facts["labels"].get(name, name)),
        primary=name == facts["primary"],
        statement=say(
            "The whole effect is found with a probability of {power} ({power_low} to {power_high}) with {wells} a "
            "treatment and {cells_per_well} a well. {densities}",
            power=percent(mine["power"]),
            power_low=percent(mine["power_low"]),
            power_high=percent(mine["power_high"]),
            wells=count(own, "well"),
            cells_per_well=_cells(mine["cells_per_well"]),
            densities=_range(densities),
        ),
        curves=curves,
        legend=say("; ").join(
            say("{line}: size {size}", line=say(LINES[number % len(LINES)]), size=short(size))
            for number, size in enumerate(reversed(sizes))
        ),
        replicates=[str(number) for number in replicates],
        sizes=[_size_row(here[here["size"] == size], size, replicates) for size in reversed(sizes)],
        densities=[_density_row(row, level) for row in _records(densities)],
    )


def _cells(number: float) -> str:
    return say("{number} cells", number=short(number)) if number == number else say("the cells that were seen")


def _range(densities: pd.DataFrame) -> str:
    good = densities[densities["informative"]]
    if len(densities) == 1:
        return ""
    if good.empty:
        return say("At none of the densities looked at is it found in four screens of five.")
    cells = listed([short(one) for one in good["cells_per_well"]])
    return say("It is found in four screens of five or more at {cells} cells a well.", cells=cells)


def _size_row(rows: pd.DataFrame, size: float, replicates: Sequence[int]) -> SizeRow:
    found = {int(row["replicates"]): row for row in _records(rows)}
    texts = [_share(found[number], "power") for number in replicates]
    enough = [number for number in replicates if found[number]["power"] >= ENOUGH]
    return SizeRow(short(size), texts, str(enough[0]) if enough else say("more than {replicates}", replicates=replicates[-1]))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _density_row(row: Mapping[str, Any], level: pd.DataFrame) -> DensityRow:
    own = level[level["density"] == row["density"]]
    false = "–"
    if len(own):
        one = _records(own)[0]
        false = _share({**one, "share": one["share_with_call"]}, "share")
    error = f" ± {significant(row['effect_se'], 2)}" if row["effect_se"] == row["effect_se"] else ""
    return DensityRow(
        cells=short(row["cells_per_well"]),
        spread=f"{significant(row['mean_without'])}, {significant(row['sd_without'])}",
        effect=significant(row["effect"]) + error,
        in_sd=significant(row["effect_in_sd"], 2),
        power=percent(row["power"]),
        false_calls=false,
        verdict=say("informative") if row["informative"] else say("not"),
        reason=retell(row["reason"] or ""),
    )


def _share(row: Mapping[str, Any], name: str) -> str:
    """Return a share with its interval."""
    return f"{percent(row[name])} ({span(percent(row[f'{name}_low']), percent(row[f'{name}_high']))})"


def _point(along: float, row: Mapping[str, Any]) -> PowerPoint:
    return PowerPoint(along, 100 * row["power"], 100 * row["power_low"], 100 * row["power_high"], _share(row, "power"))


def _series(rows: pd.DataFrame, sizes: Sequence[float], along: str) -> list[PowerSeries]:
    return [
        PowerSeries(
            say("size {size:g}", size=size),
            [_point(row[along], row) for row in _records(rows[rows["size"] == size].sort_values(along))],
        )
        for size in reversed(sizes)
    ]


def _by_replicates(rows: pd.DataFrame, sizes: Sequence[float]) -> Markup:
    places = sorted(set(rows["replicates"]))
    series = _series(rows, sizes, "replicates")
    told = say("power rises with replicates; ") + say("; ").join(
        say("{name}: {power:.0f} % at the most", name=one.name, power=one.points[-1].power) for one in series
    )
    return power_curves(
        series,
        places,
        [str(one) for one in places],
        say("wells of a treatment"),
        title=say("Power against replicates"),
        description=told,
    )


def _by_density(rows: pd.DataFrame, sizes: Sequence[float]) -> Markup:
    places = sorted(set(rows["density"]))
    cells = rows.drop_duplicates("density").set_index("density")["cells_per_well"]
    labels = [short(cells[place]) for place in places]
    series = _series(rows, sizes, "density")
    told = say("; ").join(f"{one.name}: " + ", ".join(f"{point.power:.0f} %" for point in one.points) for one in series)
    return power_curves(
        series, places, labels, say("cells a well when sown"), title=say("Power against cells a well"), description=told
    )
