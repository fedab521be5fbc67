"""What both teams agreed on about marketing mail."""

from __future__ import annotations

from leads.mailing import mail_allowed, marketing_stages
from leads.models import Lead, StageMail


def stages_of_marketing() -> frozenset[str]:
    """Return the stages in which Marketing writes to the contact; one statement."""
    return marketing_stages(dict(StageMail.objects.values_list("stage", "marketing_writes")))


def may_mail(lead: Lead, stages: frozenset[str]) -> bool:
    """Tell whether Marketing may write to the person of `lead`, whose contact is loaded."""
    objects = lead.contact.no_marketing_since is not None
    return mail_allowed(lead.stage, lead.disposition, objects=objects, stages=stages)
