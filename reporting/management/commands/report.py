"""`manage.py report PANEL --days 2026-11 [filters] --json`: one report, as the page shows it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.querysets import normalise_email
from accounts.rules import standing
from leads.sheets import csv_rows
from reporting.answers import answer
from reporting.asking import KEYS, read_view
from reporting.house import reporting_house
from reporting.panels import PANELS
from reporting.tables import table_of
from smarketing import time_source
from smarketing.errors import BadInput


class Command(BaseCommand):
    """Print one report: a table, or JSON."""

    help = "Print one report; --from and --to, or --days, say which days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("panel", choices=sorted(PANELS))
        parser.add_argument("--from", dest="first", help="the first day (2026-11-01)")
        parser.add_argument("--to", dest="last", help="the last day, included")
        for key in KEYS:
            parser.add_argument(f"--{key.replace('_', '-')}", dest=key, default="")
        parser.add_argument("--as", dest="email", required=True, help="who asks (e-mail)")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=normalise_email(options["email"])).first()
        if user is None:
            raise CommandError("There is no such person.")
        asked = {key: options[key] for key in KEYS}
        if options["first"] or options["last"]:
            asked["days"] = f"{options['first'] or ''}/{options['last'] or ''}"
        try:
            view = read_view(
                asked, user, standing(user), house=reporting_house(), at=time_source.now()
            )
        except BadInput as wrong:
            reasons = [why for each in wrong.fields.values() for why in each]
            raise CommandError("; ".join(reasons)) from wrong
        panel = PANELS[options["panel"]]
        if options["as_json"]:
            text = json.dumps(answer(panel, view), ensure_ascii=False, indent=2)
        else:
            text = csv_rows(table_of(panel.count(view)), view.days.zone).decode()
        self.stdout.write(text)
