"""Commands of the house that run before, or without, Django. Standard library only."""
