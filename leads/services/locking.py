"""The order in which rows of a person are locked: its leads, then the person."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

# Leads before their contacts, as the gate locks: who captures and who decides never wait in a ring.
# Arrays rather than joins: an index is taken even while nobody has counted the tables yet.
LOCK_LEADS_SQL = """
    WITH head AS (
        SELECT COALESCE(merged_into_id, id) AS id FROM leads_contact WHERE email = ANY(%s)
        UNION SELECT COALESCE(merged_into_id, id) FROM leads_contact WHERE id = ANY(%s)
    ), person AS (
        SELECT id FROM head
        UNION SELECT id FROM leads_contact WHERE merged_into_id = ANY(ARRAY(SELECT id FROM head))
    )
    SELECT l.id FROM leads_lead AS l WHERE l.contact_id = ANY(ARRAY(SELECT id FROM person))
        AND (l.disposition = 'OPEN' OR (l.disposition = 'RECYCLED' AND l.woken_at IS NULL))
    ORDER BY l.id + 0 FOR NO KEY UPDATE OF l
"""


def lock_leads_of(emails: Iterable[str], contact_ids: Iterable[int]) -> None:
    """Lock the open and the resting leads of the people who are meant; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_LEADS_SQL, [sorted(emails), sorted(contact_ids)])
