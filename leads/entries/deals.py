"""Opportunities, the board, campaigns, customers."""


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
