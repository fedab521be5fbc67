"""The frame of every page: navigation, search, command menu, components, error pages.

It has no models and knows the person only as `request.user`; what it shows comes from
`smarketing.registry`, filled by the apps above it.
"""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """The application `shell`."""

    name = "shell"

    def ready(self) -> None:
        from shell import registered

        registered.register()
