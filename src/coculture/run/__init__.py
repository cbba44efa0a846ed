"""A recipe becomes a results folder: plan, execute, survive, finish."""
