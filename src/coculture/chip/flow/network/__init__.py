"""Networks of rectangular channels: resistance, Kirchhoff's laws, and mixing at the nodes."""
