"""Models of curves against lag, each one amplitude times a shape with one time constant: one file each."""
