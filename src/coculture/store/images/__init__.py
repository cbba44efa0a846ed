"""Images of a plate as OME-Zarr (NGFF 0.5): ``P.zarr / row / column / site / level``, labels beside each image."""
