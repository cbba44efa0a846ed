"""Files a movie can be: one method a file, chosen by the file's ending."""
