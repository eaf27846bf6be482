"""Builds ``scenarios/china-2016/data`` from the copies of the sources: ``python -m scenarios.build``."""
