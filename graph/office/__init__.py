"""Changes to a shared network as requests: who wants what and why, who agrees, what may not be touched meanwhile."""
