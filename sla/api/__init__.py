"""The promise by REST."""
