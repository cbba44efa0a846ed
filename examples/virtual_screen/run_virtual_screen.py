"""A virtual co-culture screen of 96 wells from cells to report, with the hits beside what was planted.

    python examples/virtual_screen/run_virtual_screen.py [FOLDER]

Nothing is measured and nothing is downloaded: each well is a culture that is simulated cell by cell, dosed by the plate map.
What a compound does stands in the recipe's [[source.compound]]; the analysis sees only the tables.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd

from coculture.plate.design import generate_design
from coculture.plate.design_file import read_design
from coculture.plate.plate_map import write_plate_map

HERE = Path(__file__).resolve().parent
PLANTED = {
    "receptor antagonist": ("CC-01", "CC-02"),
    "secretion inhibitor": ("CC-03", "CC-04"),
    "motility inhibitor": ("CC-05", "CC-06"),
    "adhesion blocker": ("CC-07",),
    "cytotoxic": ("CC-08", "CC-09"),
    "cytostatic": ("CC-10",),
    "inactive": ("CC-11", "CC-12"),
}
"""Mechanism → compounds, as the recipe's comments say."""

BETWEEN = ("receptor antagonist", "secretion inhibitor", "motility inhibitor", "adhesion blocker")
LETHAL = ("cytotoxic", "cytostatic")


def write_screen(work: Path, seed: int | None = None) -> Path:
    """Write recipe, culture and plate map into a folder; return the recipe."""
    work.mkdir(parents=True, exist_ok=True)
    spec, usual = read_design(HERE / "design.toml")
    write_plate_map(generate_design(spec, usual if seed is None else seed), work / "plate_map.csv")
    shutil.copy(HERE / "culture.toml", work / "culture.toml")
    text = (HERE / "screen.toml").read_text(encoding="utf-8")
    if seed is not None:
        text = text.replace("seed = 11", f"seed = {seed}", 1)
    (work / "screen.toml").write_text(text, encoding="utf-8")
    return work / "screen.toml"


def called(hits: pd.DataFrame, compound: str) -> str:
    """Return what the screen called of a compound, at any dose."""
    rows = hits[hits["compound"] == compound]
    classes = rows.loc[rows["readout"] == "mixing"].sort_values("dose")
    said = [f"{row.interaction_class} at {row.dose:g}" for row in classes.itertuples() if row.interaction_class != "inactive"]
    others = rows[rows["hit"] & (rows["readout"] != "mixing")]
    said += [f"{readout} {group['direction'].iloc[0]}" for readout, group in others.groupby("readout", sort=True)]
    return ", ".join(said) or "–"


def scored(hits: pd.DataFrame) -> list[str]:
    """Return how many compounds of each kind the screen named for what they are, at any dose."""
    classes = hits[hits["readout"] == "mixing"].groupby("compound")["interaction_class"].agg(set)
    between = [one for kind in BETWEEN for one in PLANTED[kind]]
    lethal = [one for kind in LETHAL for one in PLANTED[kind]]
    named = sum("interaction-specific" in classes[one] for one in between)
    wrong = [one for one in (*lethal, *PLANTED["inactive"]) if "interaction-specific" in classes[one]]
    killing = sum(bool({"cytotoxic", "both"} & classes[one]) for one in lethal)
    return [
        f"named as acting between cells: {named} of the {len(between)} that were planted so",
        f"named as cytotoxic: {killing} of the {len(lethal)} that kill cells or stop their division",
        f"wrongly named as acting between cells: {', '.join(wrong) or 'none'}",
    ]


def main() -> None:
    """Run the screen in the folder given, by default virtual-results."""
    work = Path(sys.argv[1] if len(sys.argv) > 1 else "virtual-results").resolve()
    print("96 virtual wells of tumour and effector cells, 12 h each; this takes a few minutes on two cores", flush=True)
    recipe = write_screen(work)
    command = [Path(sys.executable).with_name("coculture"), "run", recipe, "-o", work / "results", "--fresh"]
    subprocess.run(command, check=True)
    hits = pd.read_parquet(work / "results" / "hits.parquet")
    print(f"\n{'compound':<10} {'planted':<22} called by the screen (doses in µM)")
    for mechanism, compounds in PLANTED.items():
        for compound in compounds:
            print(f"{compound:<10} {mechanism:<22} {called(hits, compound)}")
    print("\n" + "\n".join(scored(hits)))
    print(f"\nreport: {work / 'results' / 'report.html'}")


if __name__ == "__main__":
    main()
