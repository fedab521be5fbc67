"""manage.py create_administrator ada@example.com --name "Ada Bianchi"."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services.first_administrator import create_first_administrator
from accounts.services.invitations import invitation_link
from smarketing import time_source
from smarketing.errors import DomainError


class Command(BaseCommand):
    """Create the first administrator and print the link at which the password is set."""

    help = "Create the first administrator and print the link at which the password is set."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        at = time_source.now()
        try:
            person = create_first_administrator(email=options["email"], name=options["name"], at=at)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(invitation_link(person, at))
