"""The type of the fixture that runs the program."""

from collections.abc import Callable

Run = Callable[..., tuple[int, str, str]]
"""Takes the words of a command line; gives exit code, standard output and standard error."""
