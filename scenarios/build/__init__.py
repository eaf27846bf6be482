"""Builds the data of shipped scenarios from copies of their sources, or by drawing: ``python -m scenarios.build``."""
