"""What cells do to one another: contacts, neighbourhoods and their statistics."""
