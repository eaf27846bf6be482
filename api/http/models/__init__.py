"""What goes into routes and comes out of them; every field with its unit and an example."""
