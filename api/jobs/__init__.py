"""Long work for the service: who waits, whose turn it is, what came of it. The server process never solves."""
