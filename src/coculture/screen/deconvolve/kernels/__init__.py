"""Numbers only: compiled loops of the ranking of features."""
