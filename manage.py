#!/usr/bin/env python
"""The command line of smarketing."""

import os
import sys


def main() -> None:
    """Hand `up` to the supervisor, everything else to Django."""
    if sys.argv[1:2] == ["up"]:
        # The supervisor stays small and starts before any setting is read.
        from smarketing.up import main as up

        sys.exit(up(sys.argv[2:]))
    if not os.environ.get("DATABASE_URL"):
        # While `make up` runs, other commands work on its servers.
        from smarketing.running import find_running_stack

        for name, value in find_running_stack().items():
            os.environ.setdefault(name, value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
