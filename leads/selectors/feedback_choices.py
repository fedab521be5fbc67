"""What the feedback list can be filtered by, read in one statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db import connection

MOST_CHOICES = 500
CHOICES_SQL = """
    (SELECT 'campaign', id, name FROM leads_campaign
     ORDER BY starts_on DESC NULLS LAST, name LIMIT %(most)s)
    UNION ALL
    (SELECT 'persona', id, name FROM leads_persona WHERE is_active ORDER BY name LIMIT %(most)s)
    UNION ALL
    (SELECT 'source', id, name FROM leads_source ORDER BY name LIMIT %(most)s)
    UNION ALL
    (SELECT 'rep', u.id, u.name FROM accounts_user AS u
     WHERE EXISTS (
         SELECT 1 FROM accounts_membership AS m WHERE m.user_id = u.id AND m.role = 'REP')
       AND (%(people)s::int[] IS NULL OR u.id = ANY(%(people)s::int[]))
     ORDER BY u.name, u.id LIMIT %(most)s)
    UNION ALL
    (SELECT 'zone', id, zone FROM accounts_organisation)
"""


@dataclass
class FeedbackChoices:
    """(id, name) pairs of each filter, and the zone in which days begin."""

    campaign: list[tuple[int, str]] = field(default_factory=list)
    persona: list[tuple[int, str]] = field(default_factory=list)
    source: list[tuple[int, str]] = field(default_factory=list)
    rep: list[tuple[int, str]] = field(default_factory=list)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


def feedback_choices(people: set[int] | None) -> FeedbackChoices:
    """Return the choices; of persons those in `people` (None: everybody)."""
    choices = FeedbackChoices()
    known = None if people is None else sorted(people)
    with connection.cursor() as cursor:
        cursor.execute(CHOICES_SQL, {"most": MOST_CHOICES, "people": known})
        for kind, row_id, name in cursor.fetchall():
            if kind == "zone":
                choices.zone = ZoneInfo(name)
            else:
                getattr(choices, kind).append((row_id, name))
    return choices
