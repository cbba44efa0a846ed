"""Hot loops over cells, in numbers only."""
