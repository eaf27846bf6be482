"""The graph stores at the size of the country, against the same by hand."""
