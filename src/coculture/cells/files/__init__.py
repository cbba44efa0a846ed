"""Cells as data: the files that describe cell types and cultures, read and checked."""
