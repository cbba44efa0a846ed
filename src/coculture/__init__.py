"""Screen drugs for what they do between cells."""

__version__ = "0.1.0"
