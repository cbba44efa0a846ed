"""The doors, by room."""
