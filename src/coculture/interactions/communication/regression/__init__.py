"""Regressions with standard errors that allow for cells of one well being alike."""
