"""The inbox and the lead page: activities, next steps, timeline."""


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
