"""Everything that can be wrong before hours are spent."""
