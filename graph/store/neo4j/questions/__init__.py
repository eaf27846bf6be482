"""The questions on a Neo4j server: each reads the part of the network that it needs, at one version.

The answer is worked out of that part by the same code as of files (:mod:`graph.questions`), so that both answer alike.
"""

from graph.store.neo4j.questions.answers import OfNeo4j

__all__ = ["OfNeo4j"]
