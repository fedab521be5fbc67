"""A handoff that works right after `migrate`: queues, settings, reasons, deal steps, definitions."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Min
from django.utils import timezone

QUEUES = ["QUALIFICATION", "FIX", "FALLBACK", "MARKETING"]
# code, what follows, key on the reject pad, asks for a note
REASONS = [
    ("not_now", "RECYCLE", 1, False),
    ("no_contact", "RECYCLE", 2, False),
    ("wrong_fit", "DISQUALIFY", 3, False),
    ("existing_customer", "EXPANSION", 4, False),
    ("bought_elsewhere", "LOSE", 5, False),
    ("bad_data", "REWORK", 6, False),
    ("duplicate", "MERGE", 7, False),
    ("other", "CHOOSE", 8, True),
    ("competitor", "DISQUALIFY", None, False),
    ("spam", "DISQUALIFY", None, False),
    ("price", "LOSE", None, False),
    ("no_decision", "LOSE", None, False),
]
DEAL_STEPS = [("Discovery", "0.2"), ("Proposal", "0.4"), ("Negotiation", "0.6"), ("Agreed", "0.9")]
# stage, who answers, what it means, criteria
DEFINITIONS = [
    ("LEAD", "MARKETING", "A person we can name who has shown interest once.", []),
    (
        "MQL",
        "SHARED",
        "A lead that fits whom we sell to and has shown enough interest to be called.",
        [
            {"kind": "filled", "field": "company.name", "required": False},
            {"kind": "score_at_least", "value": 60, "required": False},
        ],
    ),
    ("SAL", "SHARED", "An MQL that Sales has looked at and promised to work.", []),
    ("SQL", "SHARED", "A person with a need that we can meet, who wants to talk about it.", []),
    ("OPPORTUNITY", "SALES", "A deal with an amount and a date in sight.", []),
    ("CUSTOMER", "SALES", "A deal that is won.", []),
]


def seed(apps: Any, schema_editor: Any) -> None:
    model = lambda name: apps.get_model("leads", name).objects  # noqa: E731
    now = timezone.now()
    model("FunnelSettings").get_or_create(id=1)
    for kind in QUEUES:
        model("Queue").get_or_create(kind=kind, team=None)
    for code, outcome, key, note_needed in REASONS:
        model("Reason").get_or_create(
            code=code, defaults={"outcome": outcome, "key": key, "note_needed": note_needed}
        )
    for position, (name, chance) in enumerate(DEAL_STEPS, start=1):
        model("DealStep").get_or_create(
            key=name.lower(),
            defaults={"name": name, "position": position, "probability": chance},
        )
    for stage, responsible, prose, criteria in DEFINITIONS:
        model("StageDefinition").get_or_create(
            stage=stage,
            version=1,
            defaults={
                "state": "IN_FORCE",
                "responsible": responsible,
                "prose": prose,
                "criteria": criteria,
                "created_at": now,
                "in_force_from": now,
            },
        )


def mark_first_deals(apps: Any, schema_editor: Any) -> None:
    deals = apps.get_model("leads", "Opportunity").objects
    first = deals.values("lead").annotate(first=Min("id")).values("first")
    deals.filter(id__in=first).update(is_first=True)


class Migration(migrations.Migration):
    dependencies = [("leads", "0004_handoff")]

    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(mark_first_deals, migrations.RunPython.noop),
    ]
