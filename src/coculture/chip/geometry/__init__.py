"""A chip as a person draws it: channels, chambers, posts, gels, ports; read from a TOML file, checked, cut into cells."""
