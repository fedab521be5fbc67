"""A lead begun by hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.rules import standing
from accounts.views.access import person, requires
from leads.enums import LifecycleStage
from leads.forms import NewLeadForm
from leads.lifecycle import OPENINGS
from leads.models import Lead
from leads.moving import MovesRefused, Step
from leads.rules import Verdict, verdict_on_opening
from leads.selectors.details import sees_lead
from leads.services.contacts import ContactFacts
from leads.services.opening import Capture, open_leads
from leads.views.details import may_decide
from shell.toasts import toast
from smarketing import time_source

FACTS = ("email", "given_name", "family_name", "company", "job_title", "phone", "country", "city")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def lead_new(request: HttpRequest) -> HttpResponse:
    """Begin a lead; a contact whose lead is still open is named instead of begun again."""
    user = person(request)
    form = NewLeadForm(request.POST or None, stages=stages_open_to(user))
    existing: Lead | None = None
    if form.is_valid():
        try:
            opened = open_leads(
                [_capture(form.cleaned_data, user)], actor=user, at=time_source.now()
            )
        except MovesRefused as refused:
            form.add_error("note" if refused.code == "note_needed" else None, str(refused))
        else:
            (lead,) = opened.leads
            assert lead is not None  # noqa: S101  # a refusal would have been raised
            seen = sees_lead(user, lead)
            if not opened.existing:
                toast(request, _("%(name)s is a lead now.") % {"name": lead.contact.name})
                return redirect("lead-detail", pk=lead.pk) if seen else redirect("lead-list")
            existing = lead if seen else None
            form.add_error(
                "email", _("This contact already has an open lead for this product line.")
            )
    context = {"form": form, "existing": existing}
    return render(request, "leads/new.html", context, status=422 if form.errors else 200)


def stages_open_to(user: User) -> list[LifecycleStage]:
    """Return the stages at which this person may begin a lead, with a note or without."""
    may = (Verdict.ALLOWED, Verdict.NOTE_NEEDED)
    return [
        stage
        for stage in OPENINGS
        if verdict_on_opening(standing(user), stage, has_note=False) in may
    ]


def _capture(data: dict[str, Any], user: User) -> Capture:
    typed: dict[str, Any] = {name: data.get(name) or "" for name in FACTS}
    contact = ContactFacts(captured_through="typed in", **typed)
    step = Step(to_stage=LifecycleStage(data["stage"]), actor=user, note=data["note"])
    source, campaign, line = (data[name] for name in ("source", "campaign", "product_line"))
    return Capture(
        contact=contact,
        steps=(step,),
        source_id=source.pk if source else None,
        campaign_id=campaign.pk if campaign else None,
        product_line_id=line.pk if line else None,
    )
