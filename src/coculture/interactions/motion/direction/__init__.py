"""Have the tracks a common direction: tests and indices, one file each."""
