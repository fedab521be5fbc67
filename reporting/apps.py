"""The mirror: figures, dashboards, reviews."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The application `reporting`."""

    name = "reporting"
