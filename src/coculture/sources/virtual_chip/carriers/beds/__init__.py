"""Where carriers come down in a vessel, one file a way: stirred, still, under flow."""
