"""Who is whose neighbour: one search, several named definitions, one graph."""
