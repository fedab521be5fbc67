"""The order in which rows of a person are locked: its leads, then the person."""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

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


# Few places in line, so that a long list never fills the server's table of locks.
PLACES = 256
LINE = 0x63617074  # a name of ours among advisory locks
WAIT_SQL = "SELECT pg_advisory_xact_lock(%s, place) FROM unnest(%s::int[]) AS place"


def wait_in_line(emails: Iterable[str], keys: Iterable[tuple[str, str]] = ()) -> None:
    """Let one transaction at a time take in the same people; one statement.

    People are told by e-mails and by (system, external id). Who looks for a person while another
    is making him would find nobody, write after him, and then ask for his lead, which a third who
    found him holds and who waits for the person. Whoever also makes sources or product lines does
    so before he stands in line, so that nobody waits for a name while others wait for him.
    """
    told = [email.strip().casefold() for email in emails if email]
    told += [f"{system}\x1f{one}" for system, one in keys]
    places = sorted({crc32(one.encode()) % PLACES for one in told})
    with connection.cursor() as cursor:
        cursor.execute(WAIT_SQL, [LINE, places])
