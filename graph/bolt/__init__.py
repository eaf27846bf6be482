"""Connections to Neo4j over Bolt: the private server, or a team's own."""

from graph.bolt.address import Address, find_address
from graph.bolt.connection import Connection, connect

__all__ = ["Address", "Connection", "connect", "find_address"]
