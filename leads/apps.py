"""The record and the lifecycle."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """The application `leads`."""

    name = "leads"
