coculture check screen.toml
coculture run screen.toml --workers 2
