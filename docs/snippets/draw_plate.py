"""Draw the tutorial's plate: 24 wells of tumour and effector cells, one TIFF a channel."""

from pathlib import Path

import tifffile

from coculture.imaging.render.assay import Planted, assay_scene
from coculture.imaging.render.field import render_field
from coculture.randomness import stream

EFFECTS = {
    "DMSO": Planted(),
    "reference": Planted(parting=1.0, translocation=1.0),
    "parter": Planted(parting=1.0),
    "killer": Planted(kill_tumour=0.7),
}
ROLES = {"DMSO": "negative", "reference": "positive"}

folder = Path("images")
folder.mkdir(exist_ok=True)
rows = ["well,role,compound,dose,dose_unit"]
for number in range(24):
    compound = list(EFFECTS)[number % 4]
    well = f"{'ABCD'[number // 6]}{number % 6 + 1:02d}"
    rng = stream(1, "tutorial", well)
    picture = render_field(assay_scene(rng, EFFECTS[compound]), rng)
    for channel, pixels in zip(picture.channels, picture.pixels, strict=True):
        tifffile.imwrite(folder / f"{well}_{channel}.tif", pixels, compression="zlib")
    dose = "," if compound == "DMSO" else "10,uM"
    rows.append(f"{well},{ROLES.get(compound, 'treatment')},{compound},{dose}")
Path("plate_map.csv").write_text("\n".join(rows) + "\n")
