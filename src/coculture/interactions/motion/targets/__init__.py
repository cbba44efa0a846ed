"""What a cell may move toward: each target says in which direction it lies, one file each."""
