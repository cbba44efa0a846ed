"""Files a person writes (TOML): typed sections, and every fault told at once with file, line, key and remedy."""
