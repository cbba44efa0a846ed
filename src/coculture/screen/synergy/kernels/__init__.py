"""Numbers only: fits of one drug's curve for synergy scores."""
