"""Filters over the organisation's own fields: `lead.region:North`, `company.plants>=3`.

Equality is containment, which the GIN index of the values answers; numbers and dates have an order.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q

from leads.attributes import Unreadable, read_value
from leads.enums import AttributeKind
from leads.models import CustomAttribute

ASKED = re.compile(
    r"(?P<subject>contact|company|lead)\.(?P<key>[-\w]+)(?P<how>:|=|>=|<=)(?P<text>.*)"
)
ORDERED = frozenset({AttributeKind.NUMBER, AttributeKind.DATE})
LOOKUPS = {">=": "gte", "<=": "lte"}
# From where a list starts to where each subject's values lie.
OF_LEADS = {"lead": "", "contact": "contact__", "company": "contact__company__"}
OF_CONTACTS = {"contact": "", "company": "company__"}
OF_COMPANIES = {"company": ""}
MOST_ASKED = 10
NOTHING = Q(pk__in=())


def attributes_asked(data: Any, name: str, value: str, holders: dict[str, str]) -> list[Q]:
    """Return the conditions of a query's key, which may be given more than once."""
    told = data.getlist(name) if hasattr(data, "getlist") else [value]
    return [asks_attribute(one, holders) for one in told[:MOST_ASKED] if one]


def asks_attribute(asked: str, holders: dict[str, str]) -> Q:
    """Return the condition that `asked` is; an unknown field or an impossible value finds nothing.

    One statement.
    """
    found = ASKED.fullmatch(asked)
    if found is None or found["subject"] not in holders:
        return NOTHING
    known = CustomAttribute.objects.filter(
        subject=found["subject"].upper(), key=found["key"]
    ).first()
    value = _typed(known, found["text"]) if known else None
    if known is None or value is None:
        return NOTHING
    path = f"{holders[found['subject']]}attributes"
    if found["how"] not in LOOKUPS:
        return Q(**{f"{path}__contains": {known.key: value}})
    if known.kind not in ORDERED:
        return NOTHING
    return Q(**{f"{path}__{known.key}__{LOOKUPS[found['how']]}": value})


def _typed(attribute: CustomAttribute, text: str) -> Any:
    try:
        kind = AttributeKind(attribute.kind)
        # A choice that is no longer offered may still be looked for.
        if kind is AttributeKind.CHOICE and text not in attribute.choices:
            return text or None
        return read_value(kind, attribute.choices, text)
    except Unreadable:
        return None
