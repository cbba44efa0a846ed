"""The page of a power calculation."""
