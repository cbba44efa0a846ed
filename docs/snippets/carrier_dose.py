"""The four doses of a carrier side by side, in cells that double every day."""

import numpy as np

from coculture.compounds.carrier import Carrier
from coculture.compounds.carrier_dose import CellsDosed, carrier_dose
from coculture.compounds.library import standard_library

liposome = standard_library().get("doxorubicin liposome", Carrier)
cells = CellsDosed(number=1e4, doubling_h=24, drug_lost_per_min=0.001)
hours = np.array([1.0, 6.0, 24.0, 48.0])
reached = np.array([0.02, 0.1, 0.3, 0.45])  # from the chip: coculture.chip.particles.dose
found = carrier_dose(liposome, 1.0, cells, hours * 60, reached)
for name, values in found.table().items():
    print(f"{name:<32}" + "".join(f"{value:10.3g}" for value in values))
