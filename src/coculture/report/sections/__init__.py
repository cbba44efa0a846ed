"""One section of the page a file: each holds what its template may use, and how it is got from the results."""
