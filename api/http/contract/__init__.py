"""The published contract of the API: kept as a file, compared with what the routes are now.

:mod:`api.http.contract.published` reads and writes the file, :mod:`api.http.contract.changes` tells what changed in it and whether that
breaks who relies on it, :mod:`api.http.contract.schemas` does so for the schemas inside.
"""
