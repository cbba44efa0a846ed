"""Sheets of cells that advance: closing gaps and invasion, from masks; one file each."""
