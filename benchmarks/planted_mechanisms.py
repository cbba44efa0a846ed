"""Does a screen call what was planted? Seven mechanisms on a virtual plate of 96 wells, once for each of several seeds.

Question: of the compounds that act between cells at 3 × EC50, how many are called interaction-specific at 5 % FDR; how often is a
cytotoxic or cytostatic one called so; and how often an inactive one?

The plate is that of ``examples/virtual_screen``: twelve compounds at 0.3, 3 and 30 µM, two wells each. For effects on behaviours
and life 3 µM is 3 × EC50 (10 × for the secretion inhibitor). For the antagonist, KB is 0.3 µM and the ligand stands above its
half-maximum, so that half the effect comes above 1 µM. The culture and the smallest effect that counts (0.5 log2) were chosen
on other seeds than those here.

    python benchmarks/planted_mechanisms.py [--seeds 8] [--workers 2] [--save FILE]
    python benchmarks/planted_mechanisms.py --read FILE                   score again what was saved

Writes a table of every treatment and seed, the confusion matrix and the scores to FILE (JSON), and beside this script
``planted_mechanisms_confusion.csv`` (mechanism and dose by class, with the sign of the effect) and
``planted_mechanisms_calls.csv`` (every call).
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


def write_tables(calls: pd.DataFrame, folder: Path) -> None:
    """Write the confusion matrix, by mechanism and dose, and every call as CSV."""
    classes = ["interaction-specific", "cytotoxic", "both", "inactive", "not judged"]
    counts = pd.crosstab([calls["mechanism"], calls["dose"]], calls["interaction_class"]).reindex(columns=classes, fill_value=0)
    effects = calls.groupby(["mechanism", "dose"])["effect"].agg(mean_effect_log2="mean", least="min", most="max").round(3)
    planted = pd.Series({name: PLANTED_CLASS[name] for name in PLANTED_CLASS}, name="planted").rename_axis("mechanism")
    table = counts.join(effects).join(planted).reset_index()
    order = ["mechanism", "planted", "dose", *classes, "mean_effect_log2", "least", "most"]
    table[order].rename(columns={"dose": "dose_um"}).to_csv(folder / "planted_mechanisms_confusion.csv", index=False)
    calls.round(3).to_csv(folder / "planted_mechanisms_calls.csv", index=False)


def main() -> None:
    """Run the seeds and print the scores; written after every seed, so that nothing is lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--save", type=Path, default=Path("planted_mechanisms.json"))
    parser.add_argument("--read", type=Path)
    asked = parser.parse_args()
    print(describe())
    calls = pd.DataFrame() if asked.read is None else pd.DataFrame(json.loads(asked.read.read_text())["calls"])
    if asked.read is not None:
        print(json.dumps(scores(calls), indent=1))
        write_tables(calls, Path(__file__).parent)
        return
    for seed in range(101, 101 + asked.seeds):
        calls = pd.concat([calls, calls_of(seed, asked.workers)], ignore_index=True)
        found = scores(calls)
        asked.save.write_text(json.dumps({"scores": found, "calls": calls.to_dict("records")}, indent=1))
        write_tables(calls, Path(__file__).parent)
        print(f"seed {seed}: {json.dumps(found)}", flush=True)


if __name__ == "__main__":
    main()
