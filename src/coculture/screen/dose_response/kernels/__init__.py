"""Numbers only: least squares of curves that are linear in their plateaus."""
