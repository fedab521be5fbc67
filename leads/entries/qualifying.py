"""Definitions, personas, the qualify queue."""


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
