"""Dose-response curves fitted to the wells of a compound; one file a model, listed in ``models``."""
