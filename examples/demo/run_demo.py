"""From planted effects to ranked hits: render a plate, screen it, and set the hits beside what was planted.

    python examples/demo/run_demo.py [FOLDER]

Nothing is downloaded. The images are drawn from the planted effects with blur, shot noise, read noise and uneven light,
written as TIFF files, and from there on the platform sees only the files.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd
import tifffile

from coculture.imaging.render.assay import Planted, assay_scene
from coculture.imaging.render.field import render_field
from coculture.plate.design import generate_design
from coculture.plate.design_file import read_design
from coculture.plate.plate_map import PlateMap, write_plate_map
from coculture.plate.treatment import Treatment
from coculture.randomness import stream

HERE = Path(__file__).resolve().parent
SEED = 7
SITES = 2


def planted_effect(treatment: Treatment, planted: dict) -> Planted:
    """Return what a treatment does at its dose: size · d² / (ec50² + d²) for each planted effect."""
    strengths: dict[str, float] = {}
    for part in treatment.parts:
        for effect, curve in planted.get(part.compound, {}).items():
            strengths[effect] = curve["size"] * part.dose**2 / (curve["ec50_um"] ** 2 + part.dose**2)
    return Planted(**strengths)


def render_well(place: tuple[str, str, str], folder: Path, planted: dict) -> None:
    """Draw the sites of one well and write one TIFF a channel."""
    plate, well, treatment = place
    effect = planted_effect(Treatment.parse(treatment) if treatment else Treatment(()), planted)
    for site in range(1, SITES + 1):
        rng = stream(SEED, plate, well, str(site))
        picture = render_field(assay_scene(rng, effect), rng)
        for channel, pixels in zip(picture.channels, picture.pixels, strict=True):
            tifffile.imwrite(folder / f"{plate}_{well}_s{site}_{channel}.tif", pixels, compression="zlib")


def render_plate(plate_map: PlateMap, folder: Path, planted: dict) -> None:
    """Draw every well of the plate."""
    folder.mkdir(parents=True, exist_ok=True)
    places = list(plate_map.wells[["plate", "well", "treatment"]].itertuples(index=False, name=None))
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(render_well, folder=folder, planted=planted), places, chunksize=8))


def verdict_table(hits: pd.DataFrame, planted: dict) -> list[str]:
    """Return one line a compound: what was planted, and what the screen called at any dose."""
    lines = [f"{'compound':<10} {'planted':<14} called by the screen"]
    for compound in sorted(name for name in planted if name != "reference"):
        called = hits[(hits["compound"] == compound) & hits["hit"]]
        found = ", ".join(verdict(readout, group) for readout, group in called.groupby("readout", sort=True))
        lines.append(f"{compound:<10} {', '.join(planted[compound]) or 'nothing':<14} {found or '–'}")
    return lines


def verdict(readout: str, called: pd.DataFrame) -> str:
    """Return one read-out's call in words; a loss of cells is told, since it can bring other changes with it."""
    direction = called["direction"].iloc[0]
    fewer = called["cell_count_percent"].min() < 85 and not readout.endswith("_cells")
    return f"{readout} {direction} from {called['dose'].min():g} µM" + (" (with a loss of cells)" if fewer else "")


def main() -> None:
    """Run the demo in the folder given, by default demo-results."""
    work = Path(sys.argv[1] if len(sys.argv) > 1 else "demo-results").resolve()
    work.mkdir(parents=True, exist_ok=True)
    planted = tomllib.loads((HERE / "planted.toml").read_text())
    spec, seed = read_design(HERE / "design.toml")
    plate_map = generate_design(spec, seed)
    write_plate_map(plate_map, work / "plate_map.csv")
    shutil.copy(HERE / "screen.toml", work / "screen.toml")
    print(f"drawing {len(plate_map.wells)} wells of two cell types …", flush=True)
    render_plate(plate_map, work / "images", planted)
    command = [Path(sys.executable).with_name("coculture"), "run", work / "screen.toml", "-o", work / "results", "--fresh"]
    subprocess.run(command, check=True)
    print()
    print("\n".join(verdict_table(pd.read_parquet(work / "results" / "hits.parquet"), planted)))
    print(f"\nreport: {work / 'results' / 'report.html'}")


if __name__ == "__main__":
    main()
