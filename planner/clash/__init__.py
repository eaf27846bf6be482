"""What cannot hold together: the rules of a stage as members, and a smallest set of them that clashes."""
