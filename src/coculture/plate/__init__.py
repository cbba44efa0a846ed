"""The data model: plate, well, site, cell, over time."""
