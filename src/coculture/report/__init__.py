"""The report a run leaves behind, drawn from the results folder alone."""
