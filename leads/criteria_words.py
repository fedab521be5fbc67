"""What a criterion asks for and what decided it, in the reader's words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads.criteria import OF_FIELDS, Checked, Criterion, CriterionKind
from leads.enums import TouchKind
from leads.fields import FIELDS, Field, FieldType

KIND_LABELS: dict[CriterionKind, Any] = {
    CriterionKind.FILLED: gettext_lazy("A field is filled in"),
    CriterionKind.EQUALS: gettext_lazy("A field is exactly"),
    CriterionKind.AT_LEAST: gettext_lazy("A field is at least"),
    CriterionKind.IN: gettext_lazy("A field is one of"),
    CriterionKind.SCORE_AT_LEAST: gettext_lazy("The score is at least"),
    CriterionKind.PERSONA_FITS: gettext_lazy("A persona fits"),
    CriterionKind.NOT_EXCLUDED: gettext_lazy("No persona rules it out"),
    CriterionKind.TOUCH_WITHIN: gettext_lazy("A touch within some days"),
    CriterionKind.QUESTION: gettext_lazy("A question answered by hand"),
}

OF_PERSONAS = frozenset({CriterionKind.PERSONA_FITS, CriterionKind.NOT_EXCLUDED})


@dataclass(frozen=True)
class Lexicon:
    """The names that criteria refer to: fields by key, personas by id."""

    fields: Mapping[str, Field] = field(default_factory=lambda: FIELDS)
    personas: Mapping[int, str] = field(default_factory=dict)

    def label(self, key: str) -> str:
        """Return what a field is called; a field that is gone keeps its key."""
        known = self.fields.get(key)
        return str(known.label) if known else key

    def persona(self, persona_id: Any) -> str:
        """Return what a persona is called."""
        return self.personas.get(persona_id, f"#{persona_id}")


@dataclass(frozen=True, kw_only=True)
class Told:
    """A checked criterion as pages tell it: `state` is met, missed or open (to be answered)."""

    words: str
    value: str
    state: str
    required: bool
    key: str = ""
    at: datetime | None = None

    @property
    def is_question(self) -> bool:
        """Tell whether a person answers it."""
        return bool(self.key)


def say(criterion: Criterion, lexicon: Lexicon) -> str:
    """Return the criterion as a short statement about a lead."""
    if criterion.kind in OF_FIELDS:
        return _say_field(criterion, lexicon)
    if criterion.kind in OF_PERSONAS:
        return _say_persona(criterion, lexicon)
    if criterion.kind is CriterionKind.SCORE_AT_LEAST:
        return _("Score is at least %(n)s") % {"n": criterion.value}
    if criterion.kind is CriterionKind.TOUCH_WITHIN:
        return _say_touch(criterion)
    return criterion.label or criterion.key


def tell_checked(checked: Checked, lexicon: Lexicon) -> Told:
    """Return a checked criterion as pages tell it."""
    criterion, value = checked.criterion, checked.value
    states = {True: "met", False: "missed", None: "open"}
    is_touch = criterion.kind is CriterionKind.TOUCH_WITHIN
    return Told(
        words=say(criterion, lexicon),
        value=tell_value(criterion, value, lexicon),
        state=states[checked.met],
        required=criterion.required,
        key=criterion.key if criterion.kind is CriterionKind.QUESTION else "",
        at=_instant(value) if is_touch else None,
    )


def tell_value(criterion: Criterion, value: Any, lexicon: Lexicon) -> str:
    """Return the value that decided a criterion; "" for an empty one."""
    if criterion.kind in OF_PERSONAS:
        return ", ".join(lexicon.persona(one) for one in value or ())
    if criterion.kind is CriterionKind.TOUCH_WITHIN:
        instant = _instant(value)
        return date_format(instant.date(), "SHORT_DATE_FORMAT") if instant else ""
    return tell_field(lexicon.fields.get(criterion.field), value)


def tell_field(known: Field | None, value: Any) -> str:
    """Return the value of a field as people write it."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if known is not None and known.choices:
        return str(dict(known.choices).get(value, value))
    if known is not None and known.type is FieldType.DATE:
        return _day(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _say_field(criterion: Criterion, lexicon: Lexicon) -> str:
    known = lexicon.fields.get(criterion.field)
    names = {"field": lexicon.label(criterion.field)}
    if criterion.kind is CriterionKind.FILLED:
        return _("%(field)s is filled in") % names
    if criterion.kind is CriterionKind.IN:
        values = [tell_field(known, one) for one in criterion.value or ()]
        return _("%(field)s is one of: %(values)s") % {**names, "values": ", ".join(values)}
    names["value"] = tell_field(known, criterion.value)
    if criterion.kind is CriterionKind.EQUALS:
        return _("%(field)s is %(value)s") % names
    if known is not None and known.type is FieldType.DATE:
        return _("%(field)s is %(value)s or later") % names
    return _("%(field)s is at least %(value)s") % names


def _say_persona(criterion: Criterion, lexicon: Lexicon) -> str:
    fits = criterion.kind is CriterionKind.PERSONA_FITS
    if criterion.value is None:
        return _("Fits one of our personas") if fits else _("No persona rules it out")
    text = _("Fits the persona %(name)s") if fits else _("Not ruled out by %(name)s")
    return text % {"name": lexicon.persona(criterion.value)}


def _say_touch(criterion: Criterion) -> str:
    known = dict(TouchKind.choices)
    days = criterion.days or 0
    if criterion.value is None:
        text = ngettext("Any touch in the last day", "Any touch in the last %(n)d days", days)
        return text % {"n": days}
    text = ngettext("%(kind)s in the last day", "%(kind)s in the last %(n)d days", days)
    return text % {"kind": known.get(criterion.value, criterion.value), "n": days}


def _instant(value: Any) -> datetime | None:
    """Return an instant as facts give it or as evidence keeps it."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None


def _day(value: Any) -> str:
    try:
        return str(date_format(date.fromisoformat(str(value)), "SHORT_DATE_FORMAT"))
    except ValueError:
        return str(value)
