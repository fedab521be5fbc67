"""Score rules and ledger, touches, custom attributes."""


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
