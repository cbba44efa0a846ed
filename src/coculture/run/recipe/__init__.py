"""The recipe: one TOML file that describes a screen, read with every error reported at once."""
