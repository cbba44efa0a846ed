"""How rough a path is: two estimators of the fractal dimension, one file each."""
