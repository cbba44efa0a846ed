"""Which type a cell is of: one file a method, each carrying a probability beside the name."""
