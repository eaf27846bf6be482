"""What is: the schema, the tables, the support network and the questions asked of it."""
