"""Where regions lie, for maps: shapes out of GeoJSON files, joined to the network's regions; points where there is no shape."""
