"""Feedback, disputes, the channel, assets."""


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
