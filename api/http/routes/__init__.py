"""A file for each resource; :mod:`api.http.app` puts them together."""
