"""Ways to compute the flow on a chip's grid: one base, one file a method."""
