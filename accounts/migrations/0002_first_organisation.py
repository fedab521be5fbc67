"""An installation works right after `migrate`: one organisation, office hours from Mon to Fri."""

from __future__ import annotations

from typing import Any

from django.db import migrations

WEEK = {str(day): [["09:00", "17:00"]] for day in range(1, 6)}


def make_organisation(apps: Any, schema_editor: Any) -> None:
    calendars = apps.get_model("accounts", "BusinessCalendar").objects
    organisations = apps.get_model("accounts", "Organisation").objects
    if organisations.exists():
        return
    calendar = calendars.create(name="Office hours", zone="Europe/Rome", weekly=WEEK)
    organisations.create(id=1, name="My organisation", zone="Europe/Rome", calendar=calendar)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(make_organisation, migrations.RunPython.noop)]
