"""Contacts, companies, merges, saved views."""


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
