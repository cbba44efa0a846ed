"""Scales on which wells of different plates can be compared; one file a method, listed in ``methods``."""
