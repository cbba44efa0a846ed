"""Kernels of measurement, one file a family: one object after the other, over the list of its pixels. Numbers only."""
