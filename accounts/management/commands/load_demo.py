"""`manage.py load_demo`: believable people and work, on an empty database only."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.demo import PASSWORD, demo_people
from accounts.models import User
from smarketing import time_source
from smarketing.registry import demo_steps


class Command(BaseCommand):
    """Load the demo, once; a database that people work in is left alone."""

    help = "Load demo data into an empty database; print who can sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--print-sign-ins",
            action="store_true",
            help="load nothing; print one sign-in per role of a demo that is there",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print_sign_ins"]:
            self._print_sign_ins()
        elif User.objects.exists():
            self.stdout.write("There are people already: nothing was loaded.")
        else:
            self._load()

    def _load(self) -> None:
        at = time_source.now()
        with transaction.atomic():
            for step in demo_steps:
                step.load(at)
        self.stdout.write("Demo data loaded.")

    def _print_sign_ins(self) -> None:
        people = demo_people()
        if not people:
            return
        self.stdout.write("Sign in by one click on the sign-in page, or with")
        for person in people:
            self.stdout.write(f"  {person.role_label!s:<20} {person.email}")
        self.stdout.write(f"  {'Password of all':<20} {PASSWORD}")
