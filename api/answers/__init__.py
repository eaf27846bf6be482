"""Answers to the questions about a network, as the command line's ``--json`` and HTTP give them."""
