"""The bottom floor: periodic jobs made single, signs of life, the doorbell."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The application `jobs`."""

    name = "jobs"

    def ready(self) -> None:
        # The Celery application must exist before any shared task is called.
        import jobs.receivers
        import smarketing.celery
