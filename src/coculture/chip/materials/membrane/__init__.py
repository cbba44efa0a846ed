"""Porous membranes between a channel and a tank: permeability, and the tank's slow approach."""
