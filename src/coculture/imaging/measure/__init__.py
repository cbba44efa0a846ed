"""Features of cells: one file a family, names by the grammar of ``plate.columns``, in one pass over each object's pixels."""
