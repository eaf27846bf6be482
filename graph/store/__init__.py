"""Stores of support networks: the embedded workspace, and Neo4j. Both do what :mod:`graph.store.protocol` says."""
