"""Solutes on a grid of voxels, in numbers only."""
