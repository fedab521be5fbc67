"""`{% load out %}`: the way out of a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import Context

from leads.models import Contact
from leads.selectors.consents import consent_history
from leads.views.exports import may_export
from leads.views.person_data import may_keep_person_data, may_note_consent

register = template.Library()


@register.inclusion_tag("leads/out/_export.html", takes_context=True)
def export_menu(context: Context, of_list: str, *, oob: bool = False) -> dict[str, Any]:
    """The menu that exports the list `of_list` as it is shown; nothing for who exports nothing."""
    request = context["request"]
    return {
        "may_export": may_export(request.user),
        "of_list": of_list,
        "request": request,
        "column_keys": context.get("column_keys", []),
        "oob": oob,
    }


@register.inclusion_tag("leads/out/_person_card.html", takes_context=True)
def person_card(context: Context, contact: Contact) -> dict[str, Any]:
    """What can be done with all that is known of a person, for who answers for it."""
    request = context["request"]
    return {"may_keep": may_keep_person_data(request.user), "contact": contact}


@register.inclusion_tag("leads/out/_consents.html", takes_context=True)
def consents_card(context: Context, contact: Contact, merged: Iterable[Contact]) -> dict[str, Any]:
    """What the person agreed to and took back, and whether Marketing may write; one statement."""
    ids = [contact.pk, *(row.pk for row in merged)]
    may_note = may_note_consent(context["request"].user) and contact.erased_at is None
    return {"history": consent_history(contact, ids), "contact": contact, "may_note": may_note}
