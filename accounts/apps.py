"""People and their time."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The application `accounts`."""

    name = "accounts"

    def ready(self) -> None:
        from accounts import entries, receivers  # models must be loaded first

        entries.register()
