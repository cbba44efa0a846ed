"""Statistics of who lies beside whom, by cell type: joins, pair correlation, nearest distances, mixing, density."""
