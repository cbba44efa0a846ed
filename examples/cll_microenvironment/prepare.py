"""Make one tidy well table of the published files: ``python prepare.py FOLDER wells.csv``.

FOLDER holds ``df.csv.gz`` and ``Drugs.txt`` of Bruch, Giles et al., Mol Syst Biol 2022 (192 patients with chronic lymphocytic
leukaemia, 12 drugs at two concentrations, 17 stimuli of the microenvironment and none). The files do not say where a well lay:
every patient is taken for one plate, its wells numbered along the rows as they stand in the file. Nothing is judged by place.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

COLUMNS = 48
"""Wells in a row of a 1536-well plate."""


def wells(folder: Path) -> pd.DataFrame:
    """Return one row a well: patient, well, drug, dose in nM, stimulus, viability (of the patient's own DMSO), its logarithm."""
    table = pd.read_csv(folder / "df.csv.gz", keep_default_na=False)
    drugs = pd.read_csv(folder / "Drugs.txt", sep="\t")
    drugs = drugs.set_index(drugs["Name"].str.strip())
    doses = {
        (name, level): float(str(text).removesuffix("nM"))
        for level, column in (("High", "conc1"), ("Low", "conc2"))
        for name, text in drugs[column].items()
    }
    number = table.groupby("PatientID").cumcount()
    given = [0.0 if key[0] == "DMSO" else doses[key] for key in zip(table["Drug"], table["Drug_Concentration"], strict=True)]
    row = number // COLUMNS
    letters = [chr(65 + one) if one < 26 else "A" + chr(65 + one - 26) for one in row]
    return pd.DataFrame(
        {
            "patient": table["PatientID"],
            "well": [f"{letter}{column + 1:02d}" for letter, column in zip(letters, number % COLUMNS, strict=True)],
            "drug": table["Drug"],
            "dose_nM": given,
            "stimulus": table["Cytokine"],
            "viability": table["Normalized"],
            "log_viability": table["Log"],
        }
    )


if __name__ == "__main__":
    wells(Path(sys.argv[1])).to_csv(sys.argv[2], index=False)
