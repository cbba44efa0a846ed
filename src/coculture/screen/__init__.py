"""The screening engine: quality, normalisation, hits and dose-response from the well table alone."""
