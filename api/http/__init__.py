"""jiedui over HTTP: what the command line can do, for many people at once.

:mod:`api.http.app` puts the service together, :mod:`api.http.routes` has a file for each resource, :mod:`api.http.models` what goes in
and comes out, :mod:`api.http.problems` how errors are told. The server process never solves: that is done by jobs.
"""
