"""The demo's score: sensible rules, own fields, and what each lead's person did.

Like the year itself without chance: every touch follows from the number of its lead. A third of
the leads care a lot and come back; the others read a newsletter now and then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from leads.enums import AttributeKind, AttributeSubject, ScoreCounting, ScoreKind, TouchKind
from leads.models import CustomAttribute, Lead, ScoreRule
from leads.services.touches import TouchFacts, record_touches

if TYPE_CHECKING:
    from leads.demo.year import Story

T, C = TouchKind, ScoreCounting

# name, criterion, points
FIT: list[tuple[str, dict[str, Any], int]] = [
    (
        "Decides on instruments",
        {
            "kind": "in",
            "field": "contact.job_title",
            "value": ["Plant manager", "Technical director", "Head of quality"],
        },
        15,
    ),
    (
        "Works with instruments",
        {
            "kind": "in",
            "field": "contact.job_title",
            "value": [
                "Maintenance manager", "Process engineer", "Automation engineer",
                "Laboratory head",
            ],
        },
        8,
    ),
    (
        "Measures liquids every day",
        {
            "kind": "in",
            "field": "company.sector",
            "value": ["Food and drink", "Chemicals", "Water", "Pharmaceuticals"],
        },
        10,
    ),
    ("At least 100 people", {"kind": "at_least", "field": "company.employees", "value": 100}, 5),
    ("Can be called", {"kind": "filled", "field": "contact.phone"}, 3),
]  # fmt: skip
# name, touch, points, half-life, cap, counting, times, days
ENGAGEMENT: list[tuple[str, TouchKind, int, int | None, int | None, ScoreCounting, int, int]] = [
    ("Asked by form", T.FORM, 20, 30, 40, C.EACH, 0, 0),
    ("Met us at a fair", T.FAIR, 22, 45, None, C.ONCE, 0, 0),
    ("Came by referral", T.REFERRAL, 24, 60, None, C.ONCE, 0, 0),
    ("Attended a webinar", T.WEBINAR, 14, 30, 28, C.EACH, 0, 0),
    ("Downloaded a paper", T.DOWNLOAD, 9, 21, 27, C.EACH, 0, 0),
    ("Opened an asset", T.ASSET_OPEN, 8, 21, 16, C.EACH, 0, 0),
    ("Clicked in an e-mail", T.EMAIL_CLICK, 3, 14, 9, C.PER_PERIOD, 2, 7),
    ("Visited the site", T.VISIT, 2, 7, 8, C.PER_PERIOD, 3, 7),
]
# By what somebody first met us, in the order of the demo's sources.
FIRST = [T.FORM, T.FAIR, T.AD, T.WEBINAR, T.REFERRAL, T.EMAIL_CLICK, T.FORM]
# What follows, (days after capture, kind): of those who care, and of the others.
KEEN: list[tuple[int, TouchKind]] = [
    (0, T.VISIT), (1, T.DOWNLOAD), (2, T.WEBINAR), (5, T.VISIT), (6, T.EMAIL_CLICK), (9, T.VISIT),
    (12, T.FORM), (20, T.DOWNLOAD), (27, T.VISIT), (33, T.WEBINAR), (40, T.EMAIL_CLICK),
    (52, T.FORM), (66, T.VISIT), (78, T.DOWNLOAD),
]  # fmt: skip
CASUAL: list[tuple[int, TouchKind]] = [
    (1, T.VISIT), (8, T.EMAIL_CLICK), (23, T.VISIT), (38, T.EMAIL_CLICK), (61, T.EMAIL_CLICK),
]  # fmt: skip
# What those do who turn to us again, days ago.
LATELY: list[tuple[int, TouchKind]] = [(4, T.DOWNLOAD), (3, T.WEBINAR), (2, T.FORM)]
DETAILS = {
    T.FORM: "Request for a quotation",
    T.FAIR: "SPS Parma, stand 6",
    T.AD: "Advertisement for plant managers",
    T.WEBINAR: "Measuring dirty liquids",
    T.REFERRAL: "Recommended by a customer",
    T.DOWNLOAD: "Paper: choosing a flow meter",
    T.EMAIL_CLICK: "Newsletter",
    T.VISIT: "Product pages",
}


ERPS = ["SAP", "Oracle", "Sage", "None"]
FIELDS: list[tuple[AttributeSubject, str, str, AttributeKind, list[str]]] = [
    (AttributeSubject.COMPANY, "plants", "Plants", AttributeKind.NUMBER, []),
    (AttributeSubject.COMPANY, "erp", "ERP system", AttributeKind.CHOICE, ERPS),
    (AttributeSubject.CONTACT, "knows_us", "Has used our instruments", AttributeKind.FLAG, []),
    (AttributeSubject.LEAD, "project_starts", "Project starts", AttributeKind.DATE, []),
]


def load_rules() -> None:
    """Make the rules; once, whatever there is already."""
    if ScoreRule.objects.exists():
        return
    fit = [
        ScoreRule(
            kind=ScoreKind.FIT, name=name, criterion={**criterion, "required": False}, points=points
        )
        for name, criterion, points in FIT
    ]
    engagement = [
        ScoreRule(
            kind=ScoreKind.ENGAGEMENT,
            name=name,
            touch_kind=kind,
            points=points,
            half_life_days=half_life,
            cap=cap,
            counting=counting,
            per_period=times or None,
            period_days=days or None,
        )
        for name, kind, points, half_life, cap, counting, times, days in ENGAGEMENT
    ]
    ScoreRule.objects.bulk_create([*fit, *engagement])


def load_fields() -> None:
    """Define what Acme Instruments wants to know beyond the usual."""
    CustomAttribute.objects.bulk_create(
        CustomAttribute(subject=subject, key=key, label=label, kind=kind, choices=choices)
        for subject, key, label, kind, choices in FIELDS
    )


def first_touch(story: Story) -> TouchKind:
    """Return how the person of a story first met us."""
    return FIRST[story.n * 2 % len(FIRST)]


def later_touches(story: Story) -> Iterator[tuple[int, TouchKind]]:
    """Return what the person did afterwards: days after capture, and in which way."""
    keen = story.is_keen
    for place, (days, kind) in enumerate(KEEN if keen else CASUAL):
        yield days + (story.n + place) % (2 if keen else 4), kind
    if story.warms_up:
        for ago, kind in LATELY:
            yield story.began - ago - story.n % 3, kind


def tell_touches(people: Iterable[tuple[Story, Lead]], since: datetime, until: datetime) -> None:
    """Record what people did after `since` and up to `until`, those whose leads have begun."""
    touches = []
    for story, lead in people:
        for days, kind in later_touches(story):
            occurred_at = lead.created_at + timedelta(days=days, minutes=20 + 17 * story.n % 240)
            if since < occurred_at <= until:
                touches.append(
                    TouchFacts(
                        contact_id=lead.contact_id,
                        kind=kind,
                        occurred_at=occurred_at,
                        campaign_id=lead.campaign_id,
                        detail=DETAILS[kind],
                    )
                )
    if touches:
        record_touches(touches, at=until)
