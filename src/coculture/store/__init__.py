"""The results folder: tables, images, index and provenance, written atomically and read back."""
