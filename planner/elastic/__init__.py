"""Plans where the rules cannot hold together: the least broken promises, each told with a reason that a solve confirms."""
