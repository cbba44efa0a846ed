"""The door: the command line, which only parses words and calls a room."""
