"""Write docs/cells/cell_types.md and docs/cells/growth.md from tables in the code: ``python docs/generate_cells.py``."""

from __future__ import annotations

import tomllib
import types
import typing
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from coculture.cells.behaviours import BEHAVIOURS
from coculture.cells.files import culture_keys, link_keys, type_keys
from coculture.cells.files.reading import TYPES, known_types
from coculture.cells.model import DeathModel, VolumeModel
from coculture.cells.standard_models import APOPTOSIS, CYCLES, NECROSIS
from coculture.cells.steady_growth import SteadyGrowth

FOLDER = Path(__file__).with_name("cells")

CELL_TYPES = """\
# Cell types

<!-- Written by docs/generate_cells.py from the declarations in the code. Change them there. -->

A culture is described in a TOML file: its types of cells, the solutes between them, how they stick to each other, and
the rules by which they answer to what they sense. Types stand in the file, or come from files of one type each; seven
come with the program.

```toml
--8<-- "snippets/culture.toml"
```

```python
from pathlib import Path
from coculture.cells.files.reading import load_types, read_model

model = read_model(Path("culture.toml"))
plain = load_types("tumour", "fibroblast")  # types that come with the program, no rules
```

- `include = [...]` takes types whole: names of types that come with the program, or `.toml` files beside the culture's.
- `[[cell_type]]` with `like = "..."` begins from such a type and replaces what it says again. Another `cycle.model`
  drops the old cycle's times.
- `[behaviours]` holds base values by the names below. A name in braces stands for a solute, a type of the culture or a
  phase of the type's own cycle: `uptake_oxygen_per_min`, `attack_tumour_per_min`, `exit_S_per_min`. What is left out
  has the table's default.
- `[behaviours_where_present]` is the same for solutes and types that a culture may lack; in `[behaviours]` a name that
  the culture does not have is refused.
- `[affinity]` says every pair of types or nothing; without it every affinity is 1.
- Every quantity carries its unit in its name. All faults of a file are told at once, each with line, key and remedy:
  unknown names, negative rates, values out of range, a type missing from the matrix, a Hill power of 0, a rule that
  "increases" a behaviour to less than its base.

## Behaviours

Everything a cell does, and all that a rule may change. The last column is the name in the cell-behaviour hypothesis
grammar (Johnson et al. 2025, Cell), whose rule files are read too.

{behaviours}

## Keys of a cell type

A file of one type holds these at its top.

{type_keys}

## Keys of a culture

{culture_keys}

## Types that come with the program

Every number names its source in the type's file; "chosen by us" marks those that are nobody's measurement. They are a
place to start from, not a fit to your cells: say your own doubling time, size and speed where you have measured them.

{types}
"""

GROWTH = """\
# Growth and death

<!-- Written by docs/generate_cells.py from the declarations in the code. Change them there. -->

Cells cycle, grow, divide and die in continuous time: the clock ticks (6 min by default) only to look at rules and to
divide, and numbers do not depend on its step.

## Cycle

A cycle is a ring of phases. A stay in a phase is a budget that shrinks at the rate of leaving,
`exit_{{phase}}_per_min`: it begins at 1 where the phase has a fixed length and at an exponential number where it is
chance, and the cell leaves at the moment it is spent, also inside a tick; the rest of the tick belongs to the next
phase or to the daughters. A rule that changes the rate changes the stay from that moment on; a rate of 0 holds the cell
where it is.

{cycles}

Rates are those of Ghaffarizadeh et al. 2018,
[doi:10.1371/journal.pcbi.1005991](https://doi.org/10.1371/journal.pcbi.1005991), most of them measured on MCF-10A; the
Ki-67 models continue Macklin et al. 2012, [doi:10.1016/j.jtbi.2012.02.002](https://doi.org/10.1016/j.jtbi.2012.02.002).
`mean_h` and `fixed` change them, `model = "own"` writes another ring.

A population left to itself grows at the rate λ that solves 2 ∏ Lᵢ(λ + d) = 1, with Lᵢ(s) = r/(r + s) for an exponential
phase, e^(−sτ) for a fixed one, and d the rate of death (Lotka 1907; Powell 1956). Phases then have shares as ∏_{{j<i}}
Lⱼ (1 − Lᵢ). `SteadyGrowth.of(cycle)` computes both, and the ages within phases. The doubling times and shares above are
these; tests hold the simulation to them.

**Division.** Two daughters take half of every part of the volume each, on both sides of the mother's centre and one
mother's radius apart, in a random direction; the centre and the volume stay. Daughters begin in the phase after the one
that divides, get new names, and remember their mother's. Amounts kept inside cells are halved (`halved`), levels are
not.

## Volume

A cell is fluid F, nuclear solids N and cytoplasmic solids C, V = F + N + C:

dN/dt = r_N (N* − N),  dC/dt = r_C (C* − C),  dF/dt = r_F (f V − F)

(Macklin et al. 2012; Ghaffarizadeh et al. 2018). The targets N*, C* are those of the type at rest, twice as large from
the phase that doubles until division. The step is the equations' exact solution, not an Euler step, so its length does
not matter; fluid is shared out as the solids are, so the nucleus has V N/(N + C).

{volume}

## Death

In a tick of Δt a living cell begins to die with the chance 1 − e^(−(a + n)Δt), of apoptosis in a share a/(a + n) of the
cases (`apoptosis_per_min`, `necrosis_per_min`; rules make them depend on damage, oxygen or anything else). An apoptotic
cell loses fluid and solids and is gone after its time. A necrotic cell draws water (f = 1), bursts at a multiple of its
volume at death, then loses its fluid; what stays calcifies at dc/dt = r (1 − c).

{death}

The time until a necrotic cell is gone counts from the beginning of its death; the published program counts it from
bursting, about 6 h later. Death begins at the beginning of a tick, so a dead cell is on average half a tick further
than in continuous time; numbers of living cells are not touched by that.

## Sowing

```python
from coculture.cells.founding import Box, placed

cells = placed(model, {{"tumour": 400, "fibroblast": 300}}, Box((0, 0), (1200, 800)), key=7)
```

Cells are laid at random, none nearer to another than the sum of their radii (`apart` says how many such sums; large
cells are laid first), in a `Box`, a `Ball`, or any region that can draw places. By default each type starts as at its
own steady growth: phases by their shares, ages within them by their density, volumes grown since the doubling phase
began. `phases="first"` starts all in the first phase instead, as after synchronisation. A region too full for so many
cells is refused.

## What is not modelled

Cells of one type have one set of rates; mother and daughter do not inherit times. A cell that passes its whole cycle
without division inside one tick would draw the same number twice: keep the tick shorter than the cycle. There is no
checkpoint by size: a mother divides when its phase ends, however large it is.
"""


def kind(annotation: Any) -> str:
    """Return in words what a key holds."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return kind(parts[0])
    if origin is Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(kind(part) for part in parts if part is not type(None)))
    words = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    return words.get(annotation, "list" if origin is tuple else "table")


def default(field: Any) -> str:
    """Return a key's default as the page shows it."""
    if field.is_required():
        return "**needed**"
    value = field.default if field.default is not PydanticUndefined else field.get_default(call_default_factory=True)
    if value is None or value in ("", {}, ()) or isinstance(value, BaseModel):
        return "–"
    return (
        f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value:.6g}`" if isinstance(value, float) else f"`{value}`"
    )


def table(head: str, rows: list[str]) -> str:
    """Return a Markdown table; columns are parted by bars."""
    return "\n".join([f"| {head} |", "|" + "---|" * (head.count("|") + 1), *(f"| {row} |" for row in rows)])


def section(title: str, model: type[BaseModel], left_out: tuple[str, ...] = ()) -> str:
    """Return the keys of one section."""
    rows = [
        f"`{key}` | {kind(field.annotation)} | {default(field)} | {field.description}"
        for key, field in model.model_fields.items()
        if key not in left_out
    ]
    purpose = (model.__doc__ or "").strip().split("\n")[0].replace("``", "`")
    return f"### `{title}`\n\n{purpose}\n\n{table('key | holds | default | meaning', rows)}\n"


def behaviours() -> str:
    """Return the table of behaviours."""
    rows = []
    for one in BEHAVIOURS:
        least = "−∞" if one.least == -float("inf") else f"{one.least:g}"
        most = "∞" if one.most == float("inf") else f"{one.most:g}"
        rows.append(f"`{one.name}` | {one.unit} | {one.default:g} | {least} to {most} | {one.meaning} | {one.grammar}")
    return table("name | unit | default | range | meaning | grammar", rows)


def cycles() -> str:
    """Return the table of the standard cycles."""
    rows = []
    for name, cycle in CYCLES.items():
        if not cycle.phases:
            rows.append(f"`{name}` | – | – | never divides | –")
            continue
        growth = SteadyGrowth.of(cycle)
        stays = [f"{one.name} {one.mean_min / 60:.3g} h{' fixed' if one.fixed else ''}" for one in cycle.phases]
        marks = [f"doubles in {one.name}" for one in cycle.phases if one.doubles]
        marks += [f"divides after {one.name}" for one in cycle.phases if one.divides]
        shares = [f"{100 * share:.1f} %" for share in growth.fractions]
        doubling = 0.6931471805599453 / growth.rate_per_min / 60
        rows.append(f"`{name}` | {', '.join(stays)} | {', '.join(marks)} | {doubling:.2f} h | {', '.join(shares)}")
    return table("cycle | phases, mean stay | volume and division | doubling time | shares at steady growth", rows)


def volume() -> str:
    """Return the table of the standard volume."""
    one = VolumeModel()
    rows = [
        f"cell, nucleus | {one.total_um3:g}, {one.nuclear_um3:g} µm³",
        f"fluid fraction f | {one.fluid_fraction:g}",
        f"rates r_F, r_N, r_C | {one.fluid_per_min:.3g}, {one.nuclear_per_min:.3g}, {one.cytoplasmic_per_min:.3g} /min",
    ]
    return table("standard cell (Ghaffarizadeh et al. 2018) | ", rows)


def death() -> str:
    """Return the table of the standard deaths."""

    def each(show: typing.Callable[[DeathModel], str]) -> str:
        return f"{show(APOPTOSIS)} | {show(NECROSIS)}"

    rows = [
        "gone after | " + each(lambda one: f"{one.duration_min / 60:g} h{' fixed' if one.fixed else ''}"),
        "fluid, 1/min | " + each(lambda one: f"{one.fluid_per_min:.4g}"),
        "cytoplasmic solids, 1/min | " + each(lambda one: f"{one.cytoplasmic_per_min:.4g}"),
        "nuclear solids, 1/min | " + each(lambda one: f"{one.nuclear_per_min:.4g}"),
        "target fluid fraction | " + each(lambda one: f"{one.target_fluid_fraction:g}"),
        "bursts at | " + each(lambda one: "never" if one.rupture == float("inf") else f"{one.rupture:g} volumes"),
        "fluid after bursting, 1/min | " + each(lambda one: f"{one.lysed_fluid_per_min:.4g}"),
        "calcification, 1/min | " + each(lambda one: f"{one.calcified_per_min:.4g}"),
    ]
    return table("default (Ghaffarizadeh et al. 2018) | apoptosis | necrosis", rows)


def _numbers(tree: Any, path: tuple[str, ...] = ()) -> list[tuple[str, float]]:
    if isinstance(tree, dict):
        return [found for key, value in tree.items() if key != "sources" for found in _numbers(value, (*path, key))]
    return [(".".join(path), tree)] if isinstance(tree, int | float) and not isinstance(tree, bool) else []


def _source(key: str, sources: dict[str, str]) -> str:
    covering = [named for named in sources if key == named or key.startswith(named + ".")]
    return sources[max(covering, key=len)]


def shipped() -> str:
    """Return what the types that come with the program say, with sources."""
    parts = []
    for name in known_types():
        tree = tomllib.loads((TYPES / f"{name}.toml").read_text(encoding="utf-8"))
        rows = [f"`{key}` | {value:g} | {_source(key, tree['sources'])}" for key, value in _numbers(tree)]
        cycle = tree["cycle"]["model"]
        parts.append(f"### `{name}`\n\n{tree['title']}. Cycle: `{cycle}`.\n\n{table('key | value | source', rows)}\n")
    return "\n".join(parts)


def cell_types_page() -> str:
    """Return the page on cell types."""
    own = [
        section("(top of the file)", type_keys.TypeFile),
        section("[cycle]", type_keys.CycleSection),
        section("[[cycle.phase]]", type_keys.PhaseSection),
        section("[volume]", type_keys.VolumeSection),
        section("[apoptosis]", type_keys.ApoptosisSection),
        section("[necrosis]", type_keys.NecrosisSection),
    ]
    culture = [
        section("(top of the file)", culture_keys.CultureFile),
        section("[culture]", culture_keys.CultureSection),
        section("[solutes.NAME]", culture_keys.SoluteSection),
        section("[[cell_type]]", culture_keys.CultureType, tuple(set(type_keys.TypeFile.model_fields) - {"name"})),
        section("[[rule]]", culture_keys.RuleSection),
        section("[rules]", culture_keys.RulesSection),
        section("[[receptor]]", link_keys.ReceptorSection),
        section("[[receptor.ligand]]", link_keys.LigandSection),
        section("[[junction]]", link_keys.JunctionSection),
        section("[notch]", link_keys.NotchSection),
    ]
    filled = {
        "{behaviours}": behaviours(),
        "{type_keys}": "\n".join(own),
        "{culture_keys}": "\n".join(culture),
        "{types}": shipped(),
    }
    text = CELL_TYPES
    for mark, part in filled.items():
        text = text.replace(mark, part)
    return text


def growth_page() -> str:
    """Return the page on growth and death."""
    return GROWTH.format(cycles=cycles(), volume=volume(), death=death())


PAGES = {"cell_types.md": cell_types_page, "growth.md": growth_page}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
