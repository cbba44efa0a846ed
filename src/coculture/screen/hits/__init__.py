"""Which treatments act: comparisons with the negative controls, multiplicity, and contrasts of two conditions."""
