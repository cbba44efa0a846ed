"""Particles in a perfused chamber: deposition on the floor under shear."""
