"""The outcomes of rows, and what is wrong with them, in a few words each. Pure."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

OUTCOME_LABELS: dict[str, Any] = {
    "LEAD": _("Lead"), "MQL": "MQL", "SAL": "SAL", "SQL": "SQL",
    "OPPORTUNITY": _("Opportunity"), "WON": _("Won: a customer"), "LOST": _("Lost"),
    "DISQUALIFIED": _("Disqualified"), "RECYCLED": _("Recycled: not now"),
}  # fmt: skip
KINDS: dict[str, Any] = {
    "already_there": _("stands there already"),
    "bad_activities": _("not a number of attempts"),
    "bad_amount": _("not an amount"),
    "bad_character": _("a character that cannot be stored"),
    "bad_consent": _("neither yes nor no"),
    "bad_currency": _("not a currency"),
    "bad_date": _("not a date"),
    "bad_email": _("not an e-mail address"),
    "bad_number": _("not a number"),
    "bad_touch": _("not a kind of touch"),
    "bad_value": _("not a value of this field"),
    "closed": _("the lead has ended otherwise"),
    "consent_withdrawn": _("has said no since"),
    "erased": _("erased at the person's own wish"),
    "in_the_future": _("lies in the future"),
    "no_identity": _("neither e-mail nor id"),
    "no_rule": _("no outcome"),
    "not_allowed": _("not allowed"),
    "not_in_table": _("a step that is not allowed"),
    "not_storable": _("a character that cannot be stored"),
    "out_of_order": _("before an earlier step"),
    "too_long": _("too long"),
    "too_many_cells": _("more cells than columns"),
    "twice_in_file": _("stands twice in the file"),
    "two_contacts": _("e-mail and id belong to two people"),
    "unknown_campaign": _("no such campaign"),
    "unknown_owner": _("nobody here has this e-mail"),
    "unknown_owner_team": _("no such team"),
    "unknown_persona": _("no such persona"),
    "unknown_reason": _("no such reason"),
    "unknown_stage": _("a stage that nobody has explained"),
}


def kind_in_words(code: str) -> str:
    """Return what a problem is, in a few words; its code in plain letters for a new one."""
    return str(KINDS.get(code) or code.replace("_", " "))
