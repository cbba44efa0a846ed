"""What the wells of the BBBC021 profiles held, as compact text: plates, positions, compounds and doses in µM.

From the image table of BBBC021v1 (Caie et al. 2010, Mol Cancer Ther 9:1913; Broad Bioimage Benchmark Collection, Ljosa et al.
2012, Nat Methods 9:637). Every plate has six wells with vehicle, B02, C02, D02, E11, F11 and G11.
"""

# ruff: noqa: E501 (one line a group of plates)
from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from coculture.screen.profiles.profiles import Profiles

VEHICLE = ("B02", "C02", "D02", "E11", "F11", "G11")
GROUPS = """
Week10_40111 Week10_40115 Week10_40119 | C05:AZ138:3, C06:AZ138:1, C07:AZ138:0.3, C08:AZ138:0.1, C09:AZ138:0.03, D04:AZ-U:10, D05:AZ-U:3, D06:AZ-U:1
Week1_22123 Week1_22141 Week1_22161 | B03:cytochalasin B:30, B04:cytochalasin B:10, D03:taxol:3, D04:taxol:1, D05:taxol:0.3, E03:nocodazole:3, E04:nocodazole:1, G03:AZ-A:30, G04:AZ-A:10, G05:AZ-A:3, G06:AZ-A:1, G07:AZ-A:0.3, G08:AZ-A:0.1
Week1_22361 Week1_22381 Week1_22401 | B05:latrunculin B:3, B06:latrunculin B:1, D04:epothilone B:1, D05:epothilone B:0.3, D06:epothilone B:0.1, E07:colchicine:0.03
Week2_24121 Week2_24141 Week2_24161 | B06:cytochalasin D:0.3, D03:ALLN:100, D06:ALLN:3, G03:methotrexate:10
Week2_24361 Week2_24381 Week2_24401 | C06:MG-132:3, C09:MG-132:0.1
Week3_25421 Week3_25441 Week3_25461 | B04:vincristine:3, B05:vincristine:1, B06:vincristine:0.3, B07:vincristine:0.1, B08:vincristine:0.03, B09:vincristine:0.01, B10:vincristine:0.003, D03:AZ-C:1, D04:AZ-C:0.3, D05:AZ-C:0.1, D06:AZ-C:0.03, D07:AZ-C:0.01, D08:AZ-C:0.003, D09:AZ-C:0.001, E06:AZ841:1, E07:AZ841:0.3, E08:AZ841:0.1, F04:etoposide:10, F05:etoposide:3, F06:etoposide:1
Week3_25681 Week3_25701 Week3_25721 | B03:demecolcine:10, B04:demecolcine:3, B05:demecolcine:1, B06:demecolcine:0.3, C06:emetine:1, C07:emetine:0.3, C08:emetine:0.1, E04:cisplatin:10, F03:chlorambucil:10
Week4_27481 Week4_27521 Week4_27542 | B05:anisomycin:1, B06:anisomycin:0.3
Week4_27801 Week4_27821 Week4_27861 | B03:cyclohexamide:50, B04:cyclohexamide:15, B05:cyclohexamide:5, C06:AZ258:1, C07:AZ258:0.3, C08:AZ258:0.1, G04:mitomycin C:3, G05:mitomycin C:1, G06:mitomycin C:0.3, G07:mitomycin C:0.1
Week5_28901 Week5_28921 Week5_28961 | B03:AZ-J:10, B04:AZ-J:3, B05:AZ-J:1
Week6_31641 Week6_31661 Week6_31681 | B03:lactacystin:10
Week7_34341 Week7_34381 Week7_34641 | C04:docetaxel:0.3, C05:docetaxel:0.1, C06:docetaxel:0.03, D04:proteasome inhibitor I:3, D07:proteasome inhibitor I:0.1
Week7_34661 Week7_34681 | E06:bryostatin:0.3, F04:PD-169316:10, F05:PD-169316:3, G05:alsterpaullone:3, G06:alsterpaullone:1
Week8_38203 Week8_38221 Week8_38241 | C08:camptothecin:0.03, C09:camptothecin:0.01, C10:camptothecin:0.003
Week8_38341 Week8_38342 | E04:PP-2:10, E05:PP-2:3
Week9_39206 Week9_39221 Week9_39222 | E04:mevinolin/lovastatin:15, E05:mevinolin/lovastatin:5, E06:mevinolin/lovastatin:1.5
Week9_39282 Week9_39283 Week9_39301 | B04:floxuridine:30, B05:floxuridine:10, D03:simvastatin:20, D04:simvastatin:6, D05:simvastatin:2, F09:mitoxantrone:0.01, F10:mitoxantrone:0.003
"""
"""One line a group of replicate plates: plates | well:compound:dose, …"""


def layout() -> pd.DataFrame:
    """Return plate, well, compound and dose of the treated wells."""
    rows = []
    for line in GROUPS.strip().splitlines():
        plates, wells = line.split(" | ")
        for entry in wells.split(", "):
            well, compound, dose = entry.split(":")
            rows += [(plate, well, compound, float(dose)) for plate in plates.split()]
    return pd.DataFrame(rows, columns=["plate", "well", "compound", "dose"])


def read_profiles(folder: Path) -> Profiles:
    """Return the published well means with what each well held; batches are the weeks of imaging."""
    table = pd.read_csv(folder / "ljosa_jbiomolscreen_2013_per_well_mean.csv.gz")
    table = table.rename(columns={"Image_Metadata_Plate": "plate", "Image_Metadata_Well": "well"})
    known = pd.read_csv(folder / "BBBC021_v1_moa.csv").rename(columns={"concentration": "dose", "moa": "mechanism"})
    wells = (
        table[["plate", "well"]]
        .merge(layout(), how="left", on=["plate", "well"])
        .merge(known, how="left", on=["compound", "dose"])
    )
    vehicle = wells["well"].isin(VEHICLE)
    wells = wells.assign(
        role=np.where(vehicle, "negative", "treatment"), dose_unit="uM", batch=wells["plate"].str.split("_").str[0]
    )
    wells = wells.assign(compound=wells["compound"].fillna("DMSO"), dose=wells["dose"].fillna(0.0), condition="")
    features = [name for name in table if name not in ("plate", "well")]
    return Profiles(wells.fillna({"mechanism": ""}), table[features].to_numpy(dtype=float), tuple(features))
