"""How a carrier gives off its load: five laws, one a file, all with the same three questions."""
