"""Get KB back from curves of an agonist at five concentrations of an antagonist (µM), noise included."""

import numpy as np

from coculture.compounds.binding.antagonist_fit import antagonised_response, fit_antagonist
from coculture.randomness import stream

doses = np.repeat(np.logspace(-2, 4, 13), 4)
agonist, antagonist = (part.ravel() for part in np.meshgrid(doses, [0.0, 3.0, 10.0, 30.0, 100.0]))
truth = antagonised_response(agonist, antagonist, bottom=5, top=95, ec50=3, hill_slope=1.2, dissociation=10)
fit = fit_antagonist(agonist, antagonist, truth + stream(1, "noise").normal(0, 2, truth.shape))
print(f"KB {fit.dissociation:.2f} µM, 95 % limits {fit.dissociation_low:.2f} to {fit.dissociation_high:.2f}; true 10")
