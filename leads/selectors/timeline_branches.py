"""The kinds of rows that a lead's timeline is made of, each walked by its own index.

A branch reads its rows as `r` and offers them to `data` and `joins` as `row`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

# What the timeline can be narrowed to, in the order of the chips.
CHIPS: dict[str, Any] = {
    "touches": _("Touches"),
    "activities": _("Activities"),
    "notes": _("Notes"),
    "stages": _("Stages"),
    "owners": _("Owners"),
    "feedback": _("Feedback"),
    "assets": _("Assets"),
    "steps": _("Next steps"),
    "deals": _("Deals"),
    "channel": _("Channel"),
}

# The rows that stand for the lead's person: its contact and those merged with it.
UNITED = """person AS (
    SELECT COALESCE(c.merged_into_id, c.id) AS head FROM leads_contact AS c
    WHERE c.id = %(contact)s
), united AS (
    SELECT %(contact)s::bigint AS id
    UNION SELECT head FROM person
    UNION SELECT c.id FROM leads_contact AS c JOIN person ON c.merged_into_id = person.head
)"""
ACTOR = "LEFT JOIN accounts_user AS u ON u.id = row.{column}"
REASON = "LEFT JOIN leads_reason AS reason ON reason.code = row.reason"
OF_LEAD = "r.lead_id = %(lead)s"


@dataclass(frozen=True)
class Branch:
    """One kind of row: its place among rows of one instant, its chip, and how it is read."""

    key: str
    rank: int
    chip: str
    rows: str
    at: str
    where: str
    data: str
    joins: str = ""


def _by(column: str) -> str:
    return ACTOR.format(column=column)


DEAL = """'name', row.name, 'amount', row.amount, 'currency', row.currency, 'state', row.state,
    'reason', row.reason, 'label', reason.own_label, 'note', row.note, 'who', u.name,
    'competitor', competitor.name"""
DEAL_JOINS = f"""{REASON} {_by("owner_id")}
    LEFT JOIN leads_competitor AS competitor ON competitor.id = row.competitor_id"""
ACTIVITY = """'kind', row.kind, 'direction', row.direction, 'connected', row.connected,
    'automatic', row.is_automatic, 'text', row.text, 'who', u.name, 'actor_id', row.actor_id,
    'logged_at', row.logged_at"""

# Merges of the rows of the person, and of this lead with another cycle; each side by its index.
MERGES = """r.id IN (
    SELECT m.id FROM united JOIN leads_merge AS m ON m.winner_id = united.id
    UNION SELECT m.id FROM united JOIN leads_merge AS m ON m.loser_id = united.id
    UNION SELECT m.id FROM leads_merge AS m WHERE m.winner_lead_id = %(lead)s
    UNION SELECT m.id FROM leads_merge AS m WHERE m.loser_lead_id = %(lead)s)"""
# Told from where one reads: with the row that came, or into the one that stayed.
MERGED = """'leads', row.winner_lead_id IS NOT NULL, 'into', row.loser_lead_id = %(lead)s,
    'with', COALESCE(NULLIF(TRIM(CONCAT(other.given_name, ' ', other.family_name)), ''),
        other.email, '#' || other.id), 'line', line.name,
    'undone', row.undone_at IS NOT NULL, 'who', u.name"""
MERGED_JOINS = """LEFT JOIN leads_contact AS other ON other.id = CASE
        WHEN row.winner_id IN (SELECT id FROM united) THEN row.loser_id ELSE row.winner_id END
    LEFT JOIN leads_lead AS beside ON beside.id = CASE
        WHEN row.winner_lead_id = %(lead)s THEN row.loser_lead_id ELSE row.winner_lead_id END
    LEFT JOIN leads_productline AS line ON line.id = beside.product_line_id"""

BRANCHES = (
    Branch(
        "stage", 1, "stages", "leads_stagetransition AS r",
        "COALESCE(r.effective_at, r.recorded_at)", OF_LEAD,
        """'from_stage', row.from_stage, 'to_stage', row.to_stage,
        'to_disposition', row.to_disposition, 'cause', row.cause, 'reason', row.reason,
        'label', reason.own_label, 'note', row.note, 'inferred', row.inferred,
        'undone', row.voided_by_id IS NOT NULL AND row.voided_by_id <> row.id,
        'undoes', row.voided_by_id = row.id, 'unknown', row.effective_at IS NULL,
        'told', f.id IS NOT NULL, 'who', u.name""",
        f"{REASON} {_by('actor_id')} LEFT JOIN leads_feedback AS f ON f.transition_id = row.id",
    ),
    # An acceptance without rating or words says no more than its move.
    Branch(
        "feedback", 2, "feedback", "leads_feedback AS r", "r.decided_at",
        f"{OF_LEAD} AND (r.decision <> 'ACCEPTED' OR r.fit_rating IS NOT NULL OR r.text <> '')",
        """'decision', row.decision, 'reason', row.reason, 'label', reason.own_label,
        'fit', row.fit_rating, 'text', row.text, 'undone', row.voided_at IS NOT NULL,
        'acknowledged', row.acknowledged_at IS NOT NULL, 'who', u.name""",
        f"{REASON} {_by('given_by_id')}",
    ),
    Branch(
        "dispute", 3, "feedback",
        "leads_dispute AS r JOIN leads_feedback AS f ON f.id = r.feedback_id", "r.opened_at",
        "f.lead_id = %(lead)s",
        "'text', row.argument, 'who', u.name",
        _by("opened_by_id"),
    ),
    Branch(
        "ruling", 4, "feedback",
        "leads_dispute AS r JOIN leads_feedback AS f ON f.id = r.feedback_id", "r.ruled_at",
        "f.lead_id = %(lead)s AND r.ruled_at IS NOT NULL",
        "'ruling', row.ruling, 'text', row.ruling_note, 'who', u.name",
        _by("ruled_by_id"),
    ),
    Branch(
        "assignment", 5, "owners", "leads_assignment AS r", "r.assigned_at", OF_LEAD,
        """'owner', owner.name, 'queue', queue.kind, 'cause', row.cause, 'rule', rule.name,
        'note', row.note, 'undone', row.voided_at IS NOT NULL, 'who', u.name""",
        f"""{_by("actor_id")} LEFT JOIN accounts_user AS owner ON owner.id = row.owner_id
        LEFT JOIN leads_queue AS queue ON queue.id = row.queue_id
        LEFT JOIN leads_routingrule AS rule ON rule.id = row.rule_id""",
    ),
    Branch(
        "deal_closed", 6, "deals", "leads_opportunity AS r", "r.closed_at",
        f"{OF_LEAD} AND r.closed_at IS NOT NULL", DEAL, DEAL_JOINS,
    ),
    Branch(
        "deal_opened", 7, "deals", "leads_opportunity AS r", "r.opened_at",
        f"{OF_LEAD} AND r.opened_at IS NOT NULL", DEAL, DEAL_JOINS,
    ),
    Branch(
        "customer", 8, "deals", "leads_customerevent AS r", "r.recorded_at", OF_LEAD,
        """'kind', row.kind, 'on', row.occurred_on, 'amount', row.amount,
        'currency', row.currency, 'text', row.note, 'who', u.name""",
        _by("actor_id"),
    ),
    Branch(
        "activity", 9, "activities", "leads_activity AS r", "r.occurred_at",
        f"{OF_LEAD} AND r.deleted_at IS NULL AND r.kind <> 'NOTE'", ACTIVITY, _by("actor_id"),
    ),
    Branch(
        "note", 10, "notes", "leads_activity AS r", "r.occurred_at",
        f"{OF_LEAD} AND r.deleted_at IS NULL AND r.kind = 'NOTE'", ACTIVITY, _by("actor_id"),
    ),
    Branch(
        "step", 11, "steps", "leads_nextstep AS r", "r.done_at",
        f"{OF_LEAD} AND r.done_at IS NOT NULL",
        "'kind', row.kind, 'text', row.text, 'who', u.name",
        _by("owner_id"),
    ),
    Branch(
        "asset", 12, "assets", "leads_assetsend AS r", "r.sent_at", OF_LEAD,
        """'name', asset.name, 'note', row.note, 'openings', row.openings,
        'last_opened_at', row.last_opened_at, 'who', u.name""",
        f"{_by('sender_id')} JOIN leads_asset AS asset ON asset.id = row.asset_id",
    ),
    Branch(
        "post", 13, "channel",
        """leads_channelpost AS r
        JOIN leads_channelpost_leads AS named ON named.channelpost_id = r.id""",
        "r.posted_at", "named.lead_id = %(lead)s",
        "'kind', row.kind, 'text', row.text, 'who', u.name",
        _by("author_id"),
    ),
    # Each row of the person walks the index by itself; most people have one.
    Branch(
        "touch", 14, "touches",
        """united CROSS JOIN LATERAL (
            SELECT r.* FROM leads_touch AS r WHERE r.contact_id = united.id{beyond}
            ORDER BY r.occurred_at DESC, r.id DESC LIMIT %(each)s) AS r""",
        "r.occurred_at", "true",
        """'kind', row.kind, 'detail', row.detail, 'url', row.url, 'campaign', campaign.name,
        'source', source.name, 'asset', asset.name""",
        """LEFT JOIN leads_campaign AS campaign ON campaign.id = row.campaign_id
        LEFT JOIN leads_source AS source ON source.id = row.source_id
        LEFT JOIN leads_asset AS asset ON asset.id = row.asset_id""",
    ),
    Branch(
        "merge", 15, "stages", "leads_merge AS r", "r.merged_at", MERGES, MERGED,
        f"{MERGED_JOINS} {_by('actor_id')}",
    ),
    Branch(
        "unmerge", 16, "stages", "leads_merge AS r", "r.undone_at",
        f"r.undone_at IS NOT NULL AND {MERGES}", MERGED,
        f"{MERGED_JOINS} {_by('undone_by_id')}",
    ),
)  # fmt: skip
