"""The library's files: their keys, and how they are read. One entry a file, every number beside the name of its source."""
