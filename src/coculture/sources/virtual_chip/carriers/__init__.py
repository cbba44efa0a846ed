"""Nano-carriers in a virtual well: how they come down on cells, are taken in, give off their load, and what is booked of it."""
