"""What is late is told to the chat channels of the teams, when the first of its people is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Organisation
from accounts.services.chat import Post, write_posts
from sla.enums import CommitmentKind

# More than so many at once are one post.
MOST_ALONE = 3
MOST_NAMED = 5

# Clocks past due whose level somebody was told of at this instant and nobody before, with the
# channels of the team that holds the lead, else of the one that promised, and of all above it.
LATE_SQL = """
    WITH RECURSIVE above AS (
        SELECT id AS team, id AS up FROM accounts_team
        UNION ALL
        SELECT above.team, team.parent_id FROM above JOIN accounts_team team ON team.id = above.up
        WHERE team.parent_id IS NOT NULL
    ), told AS (
        SELECT note.clock_id, max(level.share) AS share
        FROM sla_escalationnotice note JOIN sla_escalationlevel level ON level.id = note.level_id
        WHERE note.sent_at = %(at)s AND level.share >= 1
            AND EXISTS (SELECT 1 FROM accounts_chatchannel WHERE is_on)
            AND NOT EXISTS (
                SELECT 1 FROM sla_escalationnotice earlier
                WHERE earlier.clock_id = note.clock_id AND earlier.level_id = note.level_id
                    AND earlier.sent_at < %(at)s
            )
        GROUP BY note.clock_id
    )
    SELECT DISTINCT channel.id, clock.due_at, clock.id, told.share, clock.lead_id, promise.kind,
        COALESCE(NULLIF(trim(contact.given_name || ' ' || contact.family_name), ''),
            contact.email, ''),
        COALESCE(owner.name, '')
    FROM told JOIN sla_clock clock ON clock.id = told.clock_id AND clock.outcome IS NULL
    JOIN sla_commitment promise ON promise.id = clock.commitment_id
    JOIN leads_lead lead ON lead.id = clock.lead_id
    JOIN leads_contact contact ON contact.id = lead.contact_id
    LEFT JOIN accounts_user owner ON owner.id = clock.owner_id
    LEFT JOIN leads_queue queue ON queue.id = clock.queue_id
    JOIN above ON above.team = COALESCE(
        (SELECT member.team_id FROM accounts_membership member
            WHERE member.user_id = clock.owner_id AND member.team_id IS NOT NULL
            ORDER BY member.id LIMIT 1),
        queue.team_id,
        promise.team_id,
        (SELECT team.id FROM accounts_team team
            WHERE team.kind = promise.side AND team.parent_id IS NULL LIMIT 1)
    )
    JOIN accounts_chatchannel channel ON channel.team_id = above.up AND channel.is_on
    ORDER BY channel.id, clock.due_at, clock.id
"""


@dataclass(frozen=True)
class LateClock:
    """A late clock of which a channel hears."""

    channel_id: int
    due_at: datetime
    clock_id: int
    share: object
    lead_id: int
    kind: str
    name: str
    holder: str


def post_to_chat(*, at: datetime) -> int:
    """Write the posts about what people were told of at `at`; return how many.

    Each clock reaches a channel once a level; more than three at once are one post. One statement
    without channels or late clocks, else three.
    """
    with connection.cursor() as cursor:
        cursor.execute(LATE_SQL, {"at": at})
        rows = [LateClock(*row) for row in cursor.fetchall()]
    if not rows:
        return 0
    with override(Organisation.objects.values_list("language", flat=True).get()):
        posts = [
            post
            for channel_id, some in groupby(rows, key=lambda one: one.channel_id)
            for post in _posts(channel_id, list(some))
        ]
    write_posts(posts, at=at)
    return len(posts)


def _posts(channel_id: int, rows: Sequence[LateClock]) -> list[Post]:
    if len(rows) > MOST_ALONE:
        return [_together(channel_id, rows)]
    return [
        Post(
            channel_id=channel_id,
            dedupe_key=f"clock:{one.clock_id}:{one.share}",
            title=_("Late: %(name)s") % {"name": one.name},
            body=_("%(promise)s has run out. To act: %(who)s.")
            % {"promise": CommitmentKind(one.kind).label, "who": one.holder or _("nobody yet")},
            url=reverse("lead-detail", args=[one.lead_id]),
        )
        for one in rows
    ]


def _together(channel_id: int, rows: Sequence[LateClock]) -> Post:
    names = ", ".join(dict.fromkeys(one.name for one in rows[:MOST_NAMED]))
    return Post(
        channel_id=channel_id,
        dedupe_key=f"clocks:{rows[0].clock_id}:{rows[0].share}:{len(rows)}",
        title=_("%(n)d promises are late") % {"n": len(rows)},
        body=_("The most urgent: %(names)s.") % {"names": names},
        url=reverse("clock-list") + "?state=BREACHED",
    )
