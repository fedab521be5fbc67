"""What a criterion asks for, in the reader's words. Pure."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.criteria import Criterion, CriterionKind
from leads.enums import TouchKind
from leads.fields import vocabulary


def wanted(criterion: Criterion) -> str:
    """Return the criterion's own label, else what it asks for."""
    kind = criterion.kind
    if criterion.label or kind is CriterionKind.QUESTION:
        return criterion.label or criterion.key
    if kind is CriterionKind.TOUCH_WITHIN:
        return _touch(criterion)
    texts = {
        CriterionKind.SCORE_AT_LEAST: _("a score of at least %(n)s") % {"n": criterion.value},
        CriterionKind.PERSONA_FITS: _("a persona that fits"),
        CriterionKind.NOT_EXCLUDED: _("no persona that excludes it"),
    }
    return texts.get(kind) or _field(criterion)


def _field(criterion: Criterion) -> str:
    known = vocabulary().get(criterion.field)
    names = {
        "field": known.label if known else criterion.field.split(".")[-1],
        "value": _told(criterion.value),
    }
    if criterion.kind is CriterionKind.FILLED:
        return _("%(field)s filled in") % names
    if criterion.kind is CriterionKind.AT_LEAST:
        return _("%(field)s of at least %(value)s") % names
    if criterion.kind is CriterionKind.IN:
        return _("%(field)s one of %(value)s") % names
    return _("%(field)s = %(value)s") % names


def _touch(criterion: Criterion) -> str:
    days = criterion.days or 0
    known = dict(TouchKind.choices)
    kind = known.get(criterion.value, _("Touch")) if criterion.value else _("Touch")
    text = ngettext("%(kind)s within the last day", "%(kind)s within the last %(n)d days", days)
    return text % {"kind": kind, "n": days}


def _told(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
