"""``coculture design``: treatments laid out on plates."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("design")
@click.argument("design", type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", default="plate_map.csv", show_default=True, type=click.Path(path_type=Path), help="CSV, TSV or XLSX file."
)
@click.option("--seed", type=click.IntRange(min=0), help="Another random placement than the design file's.")
@click.option("--overwrite", is_flag=True, help="Replace a plate map that is there already.")
def command(design: Path, out: Path, seed: int | None, overwrite: bool) -> None:
    """Lay the design in the file DESIGN out on as many plates as it takes and write the plate map.

    The same design and seed give the same map. 'coculture new design.toml --template design' writes a design to start from.

    \b
    Example: coculture design design.toml -o plate_map.csv
    """
    from coculture.errors import FileError
    from coculture.plate.design import generate_design
    from coculture.plate.design_file import read_design
    from coculture.plate.plate_map import write_plate_map
    from coculture.run.formula_parts import formula_parts

    spec, own_seed = read_design(design, formula_parts)
    if out.exists() and not overwrite:
        raise FileError("there is such a file already", str(out), "name another with -o, or replace it with --overwrite")
    plate_map = generate_design(spec, own_seed if seed is None else seed)
    write_plate_map(plate_map, out)
    roles = plate_map.wells["role"].value_counts(sort=False)
    counts = ", ".join(f"{count} {role}" for role, count in roles.items())
    click.echo(f"Wrote {out}: {len(plate_map.wells)} wells on {len(plate_map.plates)} plates ({counts})")
