"""Engines: arrays in, arrays out. The only place that imports a solver; knows nothing of counties or cadres."""
