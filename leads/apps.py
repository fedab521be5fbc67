"""The record and the lifecycle."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """The application `leads`."""

    name = "leads"

    def ready(self) -> None:
        from leads import entries  # models must be loaded first

        entries.register()
