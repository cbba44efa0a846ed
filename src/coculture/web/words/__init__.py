"""Every string of the pages, one catalogue a language; each is a TOML file beside this one."""
