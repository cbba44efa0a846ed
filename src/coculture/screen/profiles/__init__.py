"""What was measured of a well, side by side: aggregated from cells, normalised, and compared between treatments."""
