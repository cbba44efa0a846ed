"""Flow of medium: networks of channels, and depth-averaged fields on a chip's grid."""
