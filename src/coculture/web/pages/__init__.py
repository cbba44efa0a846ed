"""One file a page: what it asks of a results folder, and the template it fills."""
