"""What goes on in cells, one process a file; see :mod:`coculture.cells.process`."""
