"""The promise: agreement, commitments, clocks."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    """The application `sla`."""

    name = "sla"
