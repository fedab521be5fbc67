"""The organisation's own fields: defined once, never deleted; their values, typed and refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.attributes import LONGEST_VALUE, Unreadable, read_value
from leads.enums import AttributeKind, AttributeSubject
from leads.folding import fold
from leads.models import CustomAttribute
from leads.rules import manages_attributes
from leads.selectors.attributes import Holder, attributes_in_use
from leads.services.editing import edit_company, edit_contact, edit_lead
from smarketing.errors import BadInput, NotAllowed, Refused

LONGEST_LABEL, LONGEST_KEY = 100, 50
MOST_CHOICES, MOST_IN_USE = 100, 60
WRONG = _("Some values cannot be accepted.")
NOT_YOURS = _("The organisation's own fields are for managers and administrators to define.")
LABEL_NEEDED = _("Give the field a name of at most 100 characters.")
KIND_NEEDED = _("Choose a type.")
NO_KEY = _("The name needs a letter or a digit.")
TAKEN = _("There is a field of this name already.")
CHOICES_NEEDED = _("Give between 1 and %(n)d choices, each once.")
TOO_MANY = _("At most %(n)d fields can be in use here.")
UNKNOWN = _("There is no such field.")
EDITORS = {
    AttributeSubject.CONTACT: edit_contact,
    AttributeSubject.COMPANY: edit_company,
    AttributeSubject.LEAD: edit_lead,
}


def define_attribute(
    *,
    subject: AttributeSubject,
    label: str,
    kind: str,
    choices: Iterable[str] = (),
    by: User,
) -> CustomAttribute:
    """Make a field; its key follows from its first name and never changes, nor does its type.

    Raises NotAllowed, or BadInput with every field that is wrong.
    """
    _may(by)
    row = CustomAttribute(subject=subject, label=label.strip(), kind=kind)
    row.key = slugify(fold(row.label)).replace("-", "_")[:LONGEST_KEY].strip("_")
    row.choices = tidy(choices) if kind == AttributeKind.CHOICE else []
    wrong = _wrong(row)
    if kind not in AttributeKind.values:
        wrong["kind"] = [KIND_NEEDED]
    if "label" not in wrong and not row.key:
        wrong["label"] = [NO_KEY]
    if wrong:
        raise BadInput(WRONG, fields=wrong)
    _has_room(subject)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise BadInput(TAKEN, fields={"label": [TAKEN]}) from None
    return row


def change_attribute(
    attribute: CustomAttribute, *, label: str, choices: Iterable[str] = (), by: User
) -> CustomAttribute:
    """Rename a field or change its choices; values that were chosen before stay as they are.

    Raises NotAllowed or BadInput, having changed nothing.
    """
    _may(by)
    attribute.label = label.strip()
    if attribute.kind == AttributeKind.CHOICE:
        attribute.choices = tidy(choices)
    wrong = _wrong(attribute)
    if wrong:
        raise BadInput(WRONG, fields=wrong)
    attribute.save(update_fields=["label", "choices"])
    return attribute


def use_attribute(attribute: CustomAttribute, *, in_use: bool, by: User) -> None:
    """Take a field out of use, or back; its values stay where they are.

    Raises NotAllowed, or Refused where too many are in use.
    """
    _may(by)
    if in_use and not attribute.is_active:
        _has_room(AttributeSubject(attribute.subject))
    attribute.is_active = in_use
    attribute.save(update_fields=["is_active"])


def write_values(
    row: Holder, values: Mapping[str, Any], *, version: int, actor: User, at: datetime
) -> Holder:
    """Write values of own fields by key on a contact, company or lead; None or "" empties one.

    Values not named stay. Raises BadInput with every value that cannot be read, at its key;
    NotAllowed; or ChangedMeanwhile when the row is no longer at `version`: nothing was written.
    """
    subject = subject_of(row)
    read = read_values(values, attributes_in_use(subject))
    merged = {**row.attributes, **read}
    kept = {key: value for key, value in merged.items() if value is not None}
    edit: Any = EDITORS[subject]
    written: Holder = edit(row.pk, {"attributes": kept}, version=version, actor=actor, at=at)
    return written


def read_values(values: Mapping[str, Any], attributes: Sequence[CustomAttribute]) -> dict[str, Any]:
    """Return values by key as they are kept; raises BadInput with every one that is wrong."""
    known = {one.key: one for one in attributes}
    read: dict[str, Any] = {}
    wrong: dict[str, list[Any]] = {}
    for key, given in values.items():
        one = known.get(key)
        if one is None:
            wrong[key] = [UNKNOWN]
            continue
        try:
            read[key] = read_value(AttributeKind(one.kind), one.choices, given)
        except Unreadable as why:
            wrong[key] = [why.args[0]]
    if wrong:
        raise BadInput(WRONG, fields=wrong)
    return read


def subject_of(row: Holder) -> AttributeSubject:
    """Return what a row is, in the words of own fields."""
    return AttributeSubject(row._meta.model_name.upper())  # type: ignore[union-attr]  # it has one


def tidy(choices: Iterable[str]) -> list[str]:
    """Return the choices without blanks at their ends, without empty ones, each once."""
    kept: dict[str, str] = {}
    for one in choices:
        if one.strip():
            kept.setdefault(fold(one.strip()), one.strip())
    return list(kept.values())


def _wrong(row: CustomAttribute) -> dict[str, list[Any]]:
    wrong: dict[str, list[Any]] = {}
    if not 1 <= len(row.label) <= LONGEST_LABEL:
        wrong["label"] = [LABEL_NEEDED]
    if row.kind == AttributeKind.CHOICE:
        fits = all(len(one) <= LONGEST_VALUE and "\x00" not in one for one in row.choices)
        if not (1 <= len(row.choices) <= MOST_CHOICES and fits):
            wrong["choices"] = [CHOICES_NEEDED % {"n": MOST_CHOICES}]
    return wrong


def _has_room(subject: AttributeSubject) -> None:
    if len(attributes_in_use(subject)) >= MOST_IN_USE:
        raise Refused(TOO_MANY % {"n": MOST_IN_USE}, code="too_many")


def _may(by: User) -> None:
    if not manages_attributes(standing(by)):
        raise NotAllowed(NOT_YOURS)
