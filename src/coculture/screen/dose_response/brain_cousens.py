"""Hormesis after Brain and Cousens, fitted."""

from __future__ import annotations

from coculture.compounds.dose_curve.brain_cousens import brain_cousens
from coculture.screen.dose_response.hormesis_model import hormesis_model
from coculture.screen.dose_response.kernels.terms import BRAIN_COUSENS

METHOD = hormesis_model("brain-cousens", BRAIN_COUSENS, brain_cousens)
