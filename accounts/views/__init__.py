"""Pages of people, their settings and their notices."""
