"""Hormesis after Cedergreen, Ritz and Streibig, fitted, with an onset of 1 (their model of alpha = 1)."""

from __future__ import annotations

from coculture.compounds.dose_curve.cedergreen import cedergreen
from coculture.screen.dose_response.hormesis_model import hormesis_model
from coculture.screen.dose_response.kernels.terms import CEDERGREEN

METHOD = hormesis_model("cedergreen", CEDERGREEN, cedergreen)
