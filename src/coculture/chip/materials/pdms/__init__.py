"""Loss of small molecules into PDMS walls: formulas, a solver for every column of a chip, and a rule of thumb."""
