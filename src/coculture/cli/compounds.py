"""``coculture compounds``: what the library knows, where each number comes from, and what a dose brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from coculture.compounds.carrier import Carrier
    from coculture.compounds.citation import Cited, CitedRange
    from coculture.compounds.compound import Compound
    from coculture.compounds.files.reading import Entry
    from coculture.compounds.formula import Formula
    from coculture.compounds.herb import Extract, Herb

KINDS = ("compound", "herb", "extract", "formula", "carrier")


@click.group("compounds")
def command() -> None:
    """Look up compounds, herbs, formulas and carriers by any of their names.

    \b
    Example: coculture compounds show 黄连解毒汤
    """


@command.command("list")
@click.argument("kind", required=False, type=click.Choice(KINDS))
@click.option("--check", is_flag=True, help="Count how many numbers were read, computed or assumed, instead of naming entries.")
def list_entries(kind: str | None, check: bool) -> None:
    """Name the entries of the library; with KIND, those of one kind."""
    from coculture.compounds.library import standard_library

    entries = [entry for entry in standard_library() if kind in (None, type(entry).__name__.lower())]
    if check:
        _check(entries)
    else:
        for entry in entries:
            name = type(entry).__name__.lower()
            click.echo(f"{entry.names.shown:<44}{name:<10}{getattr(entry, 'interaction', '')}".rstrip())


def _check(entries: list[Entry]) -> None:
    from coculture.compounds.citation import EVIDENCE
    from coculture.compounds.evidence import curve_counts, evidence_counts

    numbers, curves = evidence_counts(entries), curve_counts(entries)
    click.echo(f"{len(entries)} entries, {sum(numbers.values())} numbers, {sum(curves.values())} effects; none without a source")
    click.echo(f"{'evidence':<28}{'numbers':>8}{'curves':>8}  means")
    for kind, meaning in EVIDENCE.items():
        click.echo(f"{kind:<28}{numbers[kind]:>8}{curves[kind]:>8}  {meaning}")
    click.echo("A curve counts by the source of its dose of half effect.")


@command.command("show")
@click.argument("name", nargs=-1, required=True)
def show(name: tuple[str, ...]) -> None:
    """Print all that is known of NAME, each number with its source."""
    from coculture.compounds.library import standard_library

    books = standard_library()
    entry = books.find(" ".join(name))
    click.secho(f"{entry.names.shown} ({type(entry).__name__.lower()})", bold=True)
    others = [one for one in entry.names.all[1:] if one not in entry.names.shown]
    _line("also", ", ".join(others))
    _details(entry)
    _line("note", entry.note)
    click.echo("sources")
    for source in entry.sources:
        click.echo(f"  [{source.key}] {source.line}")


@command.command("expand")
@click.argument("treatment", nargs=-1, required=True)
def expand(treatment: tuple[str, ...]) -> None:
    """Print what a TREATMENT dissolves, in µM of each compound.

    \b
    Example: coculture compounds expand 黄连 100 ug/mL
    """
    from coculture.compounds.expansion import expand_with_ranges
    from coculture.plate.treatment import Treatment

    for part in Treatment.parse(" ".join(treatment)).parts:
        found = expand_with_ranges(part)
        click.secho(part.text, bold=True)
        for name, one in found.compounds.items():
            high = "…" if one.high_um is None else f"{one.high_um:.4g}"
            notes = f"  ({'; '.join(one.notes)})" if one.notes else ""
            click.echo(f"  {name:<28}{one.um:.4g} µM  [{one.low_um:.4g}, {high}]{notes}")
        if found.dosed_ug_per_ml:
            click.echo(f"  {found.explained_ug_per_ml:.4g} of {found.dosed_ug_per_ml:.4g} µg/mL are these compounds")


def _line(label: str, text: str) -> None:
    if text:
        click.echo(f"{label:<14}{text}")


def _details(entry: Entry) -> None:
    from coculture.compounds.carrier import Carrier
    from coculture.compounds.compound import Compound
    from coculture.compounds.formula import Formula
    from coculture.compounds.herb import Herb

    if isinstance(entry, Compound):
        _compound(entry)
    elif isinstance(entry, Herb):
        _herb(entry)
    elif isinstance(entry, Formula):
        _formula(entry)
    elif isinstance(entry, Carrier):
        _carrier(entry)
    else:
        _extract(entry)


def _number(label: str, cited: Cited | None, unit: str) -> None:
    if cited is not None:
        note = f" ({cited.note})" if cited.note else ""
        _line(label, f"{cited.value:g} {unit}".rstrip() + f"{note} [{cited.source.key}]")


def _range(cited: CitedRange, unit: str) -> str:
    text = f"at least {cited.low:g} {unit}" if cited.high is None else f"{cited.low:g} to {cited.high:g} {unit}"
    return f"{text} [{cited.source.key}]"


def _use(entry: Compound | Extract) -> None:
    _line("changes", f"{entry.interaction} ({entry.direction})" if entry.interaction else "")
    _line("targets", ", ".join(entry.targets))
    if entry.active is not None:
        _line("used at", _range(entry.active.dose, {"uM": "µM", "ug/mL": "µg/mL"}.get(entry.active.unit, entry.active.unit)))
    from coculture.compounds.evidence import assumed_parts

    for effect in entry.effects:
        assumed = assumed_parts(effect)
        _line("effect", f"{effect.text} [{', '.join(dict.fromkeys(source.key for source in effect.sources))}]")
        _line("", f"assumed, not read: {', '.join(assumed)}" if assumed else "")


def _compound(compound: Compound) -> None:
    identity, physical = compound.identity, compound.physical
    for label, text in (("InChIKey", identity.inchikey), ("CAS", identity.cas), ("formula", identity.formula)):
        _line(label, text)
    _number("molar mass", physical.molar_mass_g_per_mol, "g/mol")
    _number("log P", physical.log_p, "")
    _number("solubility", physical.solubility_um, "µM")
    _number("bound", physical.plasma_bound_fraction, "of it in plasma")
    diffusion = compound.diffusion()
    _line("diffusion", f"{diffusion.um2_per_min / 60:.3g} µm²/s in water at 37 °C ({diffusion.method})")
    _use(compound)


def _herb(herb: Herb) -> None:
    _line("part", herb.part)
    for one in herb.ingredients:
        _line("holds", f"{one.compound}: {_range(one.content_mg_per_g, 'mg/g')}")


def _extract(extract: Extract) -> None:
    _line("of", f"{extract.of}, with {extract.solvent}")
    _number("yield", extract.yield_mg_per_g, "mg/g")
    _number("recovered", extract.recovered_fraction, "of what is in the herb")
    for one in extract.ingredients:
        _line("holds", f"{one.compound}: {_range(one.content_mg_per_g, 'mg/g')}")
    _use(extract)


def _formula(formula: Formula) -> None:
    _line("book", formula.book)
    for one in formula.members:
        role = f" {one.role}" if one.role else ""
        _line(
            "herb",
            f"{one.herb}{role}: {one.weight_g.value:g} g ({formula.weight_share(one.herb):.0%}) [{one.weight_g.source.key}]",
        )


def _carrier(carrier: Carrier) -> None:
    _line("carries", carrier.drug)
    _number("diameter", carrier.diameter_nm, "nm")
    _number("density", carrier.density_g_per_cm3, "g/cm³")
    _number("load", carrier.load_mg_per_g, "mg/g")
    _line("release", f"{carrier.release} [{carrier.release_source.key}]")
    _number("uptake", carrier.uptake.per_min, "per min at the cell")
    _number("lost", carrier.uptake.lost_per_min, "per min inside")
    _number("at most", carrier.uptake.most_per_cell, "carriers a cell")
    _number("drug leaves", carrier.uptake.drug_leaves_per_min, "per min from inside a cell")
