"""Contacts over time: how they form, last and end, and what follows from them."""
