"""Designs of mixtures: which ingredients, at which level, go together into which well."""
