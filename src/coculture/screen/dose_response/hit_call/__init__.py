"""The continuous hit call: ten curves from zero, the likeliest of them, and how surely it goes beyond the noise."""
