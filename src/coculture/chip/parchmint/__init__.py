"""Chips in the ParchMint interchange format (JSON, version 1.2), as layout programs for continuous-flow chips write it."""
