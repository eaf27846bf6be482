"""Ways out of a clash: the least changes that make a stage solvable, each with its price."""
