"""Who gets a lead: pools, rules, queues, assignments."""


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
