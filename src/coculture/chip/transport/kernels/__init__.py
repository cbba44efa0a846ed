"""Numbers only: the loops of transport."""
