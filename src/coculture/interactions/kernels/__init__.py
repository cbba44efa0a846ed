"""Compiled inner loops of this room: arrays of numbers in, arrays of numbers out; no units, checks or tables."""
