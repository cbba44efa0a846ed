"""One figure a file: each takes what it draws and returns the drawing."""
