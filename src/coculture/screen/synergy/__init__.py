"""Do drugs together do more than expected: Bliss, HSA, Loewe and ZIP scores, MuSyC and the combination index, 2 and 3 drugs."""
