"""`{% load feedback %}`: the words of decisions, reasons and ratings."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leads.enums import Decision, Ruling
from leads.models import Dispute, Feedback
from leads.selectors.feedback import dispute_of
from shell.components.words import badge, draw_icon

register = template.Library()
BEST = 5
DECISIONS = {
    Decision.ACCEPTED: ("on-track", "check"),
    Decision.REJECTED: ("late", "x"),
    Decision.RETURNED: ("at-risk", "arrow-back-up"),
}


@register.simple_tag
def decision_badge(feedback: Feedback) -> SafeString:
    """What Sales decided: word, tone and icon."""
    decision = Decision(feedback.decision)
    tone, icon = DECISIONS[decision]
    return SafeString(badge(decision.label, tone, icon))


@register.filter
def reason_label(labels: Mapping[str, str], code: str) -> str:
    """What people read for a coded reason."""
    return labels.get(code, code)


@register.simple_tag
def rating(value: int | None) -> SafeString:
    """A fit from 1 to 5 as stars with its words; nothing when it was not given."""
    if value is None:
        return SafeString("")
    words = _("Fit %(n)s of 5") % {"n": value}
    stars = format_html_join(
        "", "{}", ((draw_icon("star-filled" if n < value else "star", "s"),) for n in range(BEST))
    )
    return format_html(
        '<span class="rating" role="img" aria-label="{0}" title="{0}">{1}</span>', words, stars
    )


@register.simple_tag
def dispute_badge(feedback: Feedback) -> SafeString:
    """Where the dispute of a rejection stands; nothing where there is none."""
    dispute = dispute_of(feedback)
    return dispute_words(dispute) if dispute is not None else SafeString("")


@register.simple_tag
def dispute_words(dispute: Dispute) -> SafeString:
    """Where a dispute stands: word, tone and icon."""
    if not dispute.ruling:
        return SafeString(badge(_("Dispute waits"), "at-risk", "hourglass"))
    if dispute.ruling == Ruling.UPHELD:
        return SafeString(badge(_("Upheld"), "paused", "circle-check"))
    return SafeString(badge(_("Overturned"), "accent", "arrow-back-up"))
