"""The mirror by REST."""
