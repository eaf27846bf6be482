"""Data people plan with: one folder per scenario, its sources and licence beside it; the generator."""
