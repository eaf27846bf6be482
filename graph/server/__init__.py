"""A private Neo4j of one's own: its parts, its folder, start and stop, backup and restore.

:class:`~graph.server.private.PrivateServer` is the way in; each module holds one thing that it needs.
"""
