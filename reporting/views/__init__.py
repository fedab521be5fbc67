"""Pages of the mirror."""
