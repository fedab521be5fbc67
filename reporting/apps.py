"""The mirror: figures, dashboards, reviews."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The application `reporting`."""

    name = "reporting"

    def ready(self) -> None:
        from reporting import entries  # models must be loaded first

        entries.register()
