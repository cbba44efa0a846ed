"""Does a screen call what was planted? Seven mechanisms on a virtual plate of 96 wells, once for each of several seeds.

Question: of the compounds that act between cells at 3 × EC50, how many are called interaction-specific at 5 % FDR; how often is a
cytotoxic or cytostatic one called so; and how often an inactive one?

The plate is that of ``examples/virtual_screen``: twelve compounds at 0.3, 3 and 30 µM, two wells each. For effects on behaviours
and life 3 µM is 3 × EC50 (10 × for the secretion inhibitor). For the antagonist, KB is 0.3 µM and the ligand stands above its
half-maximum, so that half the effect comes above 1 µM. The culture and the smallest effect that counts (0.5 log2) were chosen
on other seeds than those here.

    python benchmarks/planted_mechanisms.py [--seeds 8] [--workers 2] [--save FILE]

Writes a table of every treatment and seed, the confusion matrix and the scores to FILE (JSON).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from machine import describe

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "examples" / "virtual_screen"))

from run_virtual_screen import BETWEEN, LETHAL, PLANTED, write_screen

PLANTED_CLASS = {**dict.fromkeys(BETWEEN, "interaction-specific"), **dict.fromkeys(LETHAL, "cytotoxic"), "inactive": "inactive"}
ACTIVE_DOSE = 1.0
"""Doses above it are well above the EC50; those below it are judged for false calls only."""


def calls_of(seed: int, workers: int) -> pd.DataFrame:
    """Run the plate with one seed and return the class of every treatment."""
    with tempfile.TemporaryDirectory() as folder:
        recipe = write_screen(Path(folder), seed)
        results = Path(folder) / "results"
        command = [Path(sys.executable).with_name("coculture"), "run", recipe, "-o", results, "--no-report", "-q"]
        subprocess.run([*map(str, command), "--workers", str(workers)], check=True)
        hits = pd.read_parquet(results / "hits.parquet")
    rows = hits.loc[hits["readout"] == "mixing", ["compound", "dose", "effect", "viability_effect", "interaction_class"]]
    mechanism = {compound: name for name, compounds in PLANTED.items() for compound in compounds}
    rows = rows[rows["compound"].isin(mechanism)]
    return rows.assign(seed=seed, mechanism=rows["compound"].map(mechanism)).reset_index(drop=True)


def scores(calls: pd.DataFrame) -> dict[str, object]:
    """Return sensitivity, false calls and the confusion matrix, at doses above the EC50."""
    active = calls[calls["dose"] > ACTIVE_DOSE]
    at_three = calls[calls["dose"] == 3.0]
    found = active["interaction_class"] == "interaction-specific"
    between, lethal, nothing = (active["mechanism"].isin(kinds) for kinds in (BETWEEN, LETHAL, ("inactive",)))
    three = at_three[at_three["mechanism"].isin(BETWEEN)]
    specific = three["interaction_class"] == "interaction-specific"
    each = {str(name): float(share) for name, share in specific.groupby(three["mechanism"]).mean().items()}
    table = pd.crosstab(active["mechanism"], active["interaction_class"])
    return {
        "seeds": int(calls["seed"].nunique()),
        "sensitivity_at_3_uM": float(specific.mean()),
        "sensitivity_at_3_uM_by_mechanism": each,
        "sensitivity_at_3_and_30_uM": float(found[between].mean()),
        "lethal_called_interaction_specific": float(found[lethal].mean()),
        "inactive_called_interaction_specific": float(found[nothing].mean()),
        "specificity": float(1.0 - found[lethal | nothing].mean()),
        "lethal_called_cytotoxic": float(active.loc[lethal, "interaction_class"].isin(["cytotoxic", "both"]).mean()),
        "n": {"between": int(between.sum()), "lethal": int(lethal.sum()), "inactive": int(nothing.sum())},
        "confusion": {str(row): {str(name): int(n) for name, n in table.loc[row].items()} for row in table.index},
    }


def main() -> None:
    """Run the seeds and print the scores; written after every seed, so that nothing is lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--save", type=Path, default=Path("planted_mechanisms.json"))
    asked = parser.parse_args()
    print(describe())
    calls = pd.DataFrame()
    for seed in range(101, 101 + asked.seeds):
        calls = pd.concat([calls, calls_of(seed, asked.workers)], ignore_index=True)
        found = scores(calls)
        asked.save.write_text(json.dumps({"scores": found, "calls": calls.to_dict("records")}, indent=1))
        print(f"seed {seed}: {json.dumps(found)}", flush=True)


if __name__ == "__main__":
    main()
