"""Scenarios that are made through the service: every state of them is kept, and the newest is what plans are made of."""
