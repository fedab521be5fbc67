"""Why somebody has a lead, in the reader's words: of answers and of stored assignments. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.enums import AssignmentCause

SKIP_WORDS = {
    "inactive": gettext_lazy("has left"),
    "not_joined": gettext_lazy("has not joined yet"),
    "not_in_sales": gettext_lazy("not in Sales"),
    "away": gettext_lazy("away"),
    "cooldown": gettext_lazy("gave this contact back lately"),
    "full": gettext_lazy("has enough open leads"),
    "off_hours": gettext_lazy("not at work now"),
}
UNPLACED_WORDS = {
    "no_rule": gettext_lazy("No rule is met by this lead."),
    "empty_pool": gettext_lazy("Rule “%(rule)s”: the pool “%(pool)s” has no people."),
    "nobody_free": gettext_lazy("Rule “%(rule)s”: nobody in “%(pool)s” could take it."),
}
WAY_WORDS = {
    AssignmentCause.OPEN_OWNER.value: gettext_lazy("works with this contact"),
    AssignmentCause.COMPANY_OWNER.value: gettext_lazy("owns the company"),
}
MOST_NAMED = 6


def came_by(cause: str, *, to_person: bool) -> str:
    """Return the label of a cause: what was returned to be fixed comes to a person as fixed."""
    if cause == AssignmentCause.RETURNED and to_person:
        return _("Fixed and handed back")
    return str(AssignmentCause(cause).label)


def headline(cause: str, why: Mapping[str, Any], *, to_person: bool = False) -> str:
    """Return in a few words why a lead came where it is."""
    if cause == AssignmentCause.RULE and why.get("rule"):
        return _("Rule “%(rule)s”, by turns in “%(pool)s”") % _names(why)
    if cause == AssignmentCause.REASSIGNED and why.get("pool"):
        return _("Shared out by turns in “%(pool)s”") % _names(why)
    return came_by(cause, to_person=to_person)


def reasons(why: Mapping[str, Any]) -> list[str]:
    """Return the sentences behind it: why nobody got it, and who was passed over."""
    told = []
    if why.get("unplaced"):
        words = UNPLACED_WORDS.get(why["unplaced"], why["unplaced"])
        told.append(str(words) % _names(why))
    skipped = why.get("skipped") or []
    if skipped:
        told.append(_("Passed over: %(people)s.") % {"people": _people(skipped)})
    return told


def _names(why: Mapping[str, Any]) -> dict[str, str]:
    """Rule and pool; leads that were shared out by hand had no rule."""
    return {name: str(why.get(name) or "–") for name in ("rule", "pool")}


def _people(skipped: Sequence[Mapping[str, Any]]) -> str:
    """Name those passed over, each with why; whom two ways reach is named once."""
    told = dict.fromkeys(_one(entry) for entry in skipped)
    shown = list(told)[:MOST_NAMED]
    more = len(told) - len(shown)
    return ", ".join(shown) + (f" +{more}" if more else "")


def _one(entry: Mapping[str, Any]) -> str:
    why = str(SKIP_WORDS.get(entry["why"], entry["why"]))
    way = WAY_WORDS.get(entry.get("way", ""))
    name = entry["name"]
    return f"{name} ({way}; {why})" if way else f"{name} ({why})"
