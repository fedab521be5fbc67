"""`manage.py recount_figures`: prove that what figures are counted from is what the record says."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from leads.services.facts import derive_all_due, mend, note_everything, recount


class Command(BaseCommand):
    """Compare every fact with the record; ends with an error when one differs."""

    help = "Recount the facts behind all figures from the record; there must be no difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="derive anew what differs")
        parser.add_argument("--all", action="store_true", help="derive every fact anew first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            note_everything()
        derive_all_due()
        found = recount()
        self.stdout.write(json.dumps({"facts": found.facts, "wrong": list(found.wrong)}))
        if found.wrong and options["mend"]:
            mend(found.wrong)
        elif found.wrong:
            raise CommandError(f"{len(found.wrong)} facts differ from the record.")
