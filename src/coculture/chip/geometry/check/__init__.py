"""What makes a chip impossible, or its grid too coarse: found before anything is computed."""
