"""Where a virtual culture lives: a plain well or a chip."""
