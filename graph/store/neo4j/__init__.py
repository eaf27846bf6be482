"""The store on a Neo4j server, 5.26 or newer, over Bolt."""
