"""Commented recipes to start from; each is a TOML file beside this one."""
