"""Images whose truth is known: cells are placed, dressed, and seen through a microscope."""
