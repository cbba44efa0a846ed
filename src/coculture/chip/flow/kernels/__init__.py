"""Compiled loops of the flow: relaxation on grids, balance of volume, age of medium."""
