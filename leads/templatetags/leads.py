"""`{% load leads %}`: cells of the lead list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leads.enums import Disposition, LifecycleStage
from leads.models import Company, Contact, Lead
from leads.telling import TOUCHED
from shell.components.figures import countdown, when
from shell.components.words import badge, person, stage_badge
from shell.formats import NOTHING, write_duration, write_number
from smarketing.registry import ListColumn

register = template.Library()
TONES = {
    Disposition.OPEN: "neutral",
    Disposition.WON: "on-track",
    Disposition.LOST: "late",
    Disposition.DISQUALIFIED: "paused",
    Disposition.RECYCLED: "at-risk",
    Disposition.MERGED: "paused",
}
ICONS = {
    Disposition.WON: "star",
    Disposition.LOST: "circle-x",
    Disposition.DISQUALIFIED: "ban",
    Disposition.RECYCLED: "refresh",
    Disposition.MERGED: "copy",
}


@register.simple_tag
def disposition_badge(lead: Lead) -> SafeString:
    """Why a lead closed, or that it is open: word, tone and icon."""
    return _disposition_words(Disposition(lead.disposition))


def _disposition_words(disposition: Disposition) -> SafeString:
    icon = ICONS.get(disposition, "")
    return SafeString(badge(disposition.label, TONES[disposition], icon))


def _stage(context: Context, lead: Lead) -> SafeString:
    return _stage_words(lead.stage, lead.disposition, get_language() or "")


@lru_cache(maxsize=512)
def _stage_words(stage: str, disposition: str, language: str) -> SafeString:
    """Stage and, where it closed, outcome; few of them, drawn once a language, not once a row."""
    shown = SafeString(stage_badge(stage, LifecycleStage(stage).label))
    if disposition in (Disposition.OPEN, Disposition.WON):
        return shown
    return format_html("{} {}", shown, _disposition_words(Disposition(disposition)))


@lru_cache(maxsize=512)
def _owner_words(name: str | None) -> SafeString:
    return SafeString(person(name))


def _since(context: Context, lead: Lead) -> str:
    """How long the lead has been in its stage; nothing for a closed one."""
    now, since = context.get("now"), lead.stage_at or lead.created_at
    if now is None or lead.disposition != Disposition.OPEN:
        return NOTHING
    return write_duration(max(now - since, timedelta(0)))


def _due(context: Context, lead: Lead) -> SafeString:
    """What falls due next on the lead, counting down."""
    if lead.next_due_at is None:
        return format_html('<span class="muted">{}</span>', NOTHING)
    return countdown(context, lead.next_due_at, lead.next_risk_at)


def _plain(text: Any) -> SafeString:
    if not text:
        return format_html('<span class="muted">{}</span>', NOTHING)
    return format_html('<span class="lead-cell truncate" title="{0}">{0}</span>', text)


CELLS: dict[str, Callable[[Context, Lead], Any]] = {
    "stage": _stage,
    "disposition": lambda _context, lead: disposition_badge(lead),
    "company": lambda _context, lead: _plain(lead.contact.canonical.company),
    "owner": lambda _context, lead: _owner_words(lead.owner.name if lead.owner else None),
    "source": lambda _context, lead: _plain(lead.source),
    "campaign": lambda _context, lead: _plain(lead.campaign),
    "product_line": lambda _context, lead: _plain(lead.product_line),
    "score": lambda _context, lead: write_number(lead.score),
    "since": _since,
    "began": lambda context, lead: when(context, lead.began_at, "day"),
    "due": _due,
    "attempts": lambda _context, lead: write_number(lead.attempts),
    "worked": lambda context, lead: when(context, lead.last_activity_at, "day"),
    "persona": lambda _context, lead: _plain(lead.persona),
    "queue": lambda _context, lead: _plain(lead.queue),
    "email": lambda _context, lead: _plain(lead.contact.canonical.email),
    "job_title": lambda _context, lead: _plain(lead.contact.canonical.job_title),
    "country": lambda _context, lead: _plain(lead.contact.canonical.country),
}


@register.simple_tag(takes_context=True)
def lead_cell(context: Context, lead: Lead, key: str, extra: Iterable[ListColumn] = ()) -> Any:
    """What column `key` shows of `lead`; columns of upper apps draw themselves."""
    if key in CELLS:
        return CELLS[key](context, lead)
    return next((column.render(lead) for column in extra if column.key == key), "")


@register.simple_tag
def last_lead(latest: Mapping[int, Lead], contact: Contact) -> SafeString:
    """Where the person's last cycle stands, or that there is none yet."""
    lead = latest.get(contact.pk)
    if lead is None:
        return format_html('<span class="muted">{}</span>', _("Prospect"))
    shown = _stage_words(lead.stage, lead.disposition, get_language() or "")
    return format_html(
        '<a class="plain" href="{}">{}</a>', reverse("lead-detail", args=[lead.pk]), shown
    )


@register.filter
def touch_icon(kind: str) -> str:
    """The icon of a kind of touch, as the timeline of a lead draws it."""
    return TOUCHED[kind][1]


@register.inclusion_tag("leads/records/_tally.html")
def tally_cells(tallies: Mapping[int, Any], company: Company) -> dict[str, Any]:
    """How many people of a company are known, and how many leads are open: two cells."""
    return {"tally": tallies.get(company.pk)}
