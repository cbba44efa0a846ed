"""Particles in a still well: sedimentation and diffusion to the floor, by three methods."""
