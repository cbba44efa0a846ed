"""Steps from raw to comparable profiles; one file a step, listed in ``registry``."""
