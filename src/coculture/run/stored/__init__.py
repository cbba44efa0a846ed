"""A run whose wells' files lie in an object store: no machine needs to see another's files."""
