"""Mixtures: which features of fractions and extracts carry their activity, and what designed mixtures tell."""
