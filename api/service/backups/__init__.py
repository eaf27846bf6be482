"""Backups of a data folder: one file that holds all of it as of one moment, with the digest of every file."""
