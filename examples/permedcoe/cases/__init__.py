"""The ten cases of the benchmark, one a file; each has ``run(pictures)``, which returns its findings."""
