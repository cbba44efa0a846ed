"""The door: the command line, which only parses words and calls a room.

Nothing heavy is imported before a command runs: each command's file imports its room inside the function.
"""

from coculture.cli.app import main

__all__ = ["main"]
