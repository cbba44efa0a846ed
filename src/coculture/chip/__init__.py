"""The microfluidic device: its geometry, the flow through it, and what reaches the cells."""
