"""The promise: agreement, commitments, clocks."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    """The application `sla`."""

    name = "sla"

    def ready(self) -> None:
        from sla import entries, receivers  # models must be loaded first

        entries.register()
        receivers.connect()
