"""Pages of the promise."""
