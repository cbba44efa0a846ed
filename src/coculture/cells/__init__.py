"""Living cells in silico: growth, mechanics, migration, communication and response of several types of cells."""
