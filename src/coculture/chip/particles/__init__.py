"""Nano-carriers and other particles: how many of them reach the floor, in a still well and under flow."""
