"""Movies of wells: every time point of a results folder as a picture, and the pictures as MP4, GIF or PNG."""
