"""What the program costs, as ratios from one run: `make bench`."""
