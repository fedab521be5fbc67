"""What forms told otherwise than we know: taken or refused, on the page of the person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.views.access import member_required, person, requires
from leads.selectors.canonical import contact_ids_of
from leads.selectors.details import visible_lead
from leads.selectors.forms import labelled, proposal_of, proposals_of
from leads.services.proposals import refuse_change, take_change
from leads.views.details import may_decide
from shell.toasts import toast
from smarketing import time_source


@require_safe
@member_required
def of_lead(request: HttpRequest, pk: int) -> HttpResponse:
    """The changes that wait for a decision about the lead's person."""
    lead = visible_lead(person(request), pk)
    context = {
        "changes": labelled(proposals_of(contact_ids_of(lead.contact_id))),
        "may_decide": may_decide(request.user),
    }
    return render(request, "leads/capture/_proposed.html", context)


@require_POST
@requires(may_decide)
def change_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a proposed value into the contact."""
    change = proposal_of(person(request), pk)
    contact = take_change(pk, actor=person(request), at=time_source.now())
    ((_change, what),) = labelled([change])
    toast(request, _("%(what)s is now “%(value)s”.") % {"what": what, "value": change.proposed})
    return redirect("contact-detail", pk=contact.pk)


@require_POST
@requires(may_decide)
def change_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the contact as it is."""
    change = proposal_of(person(request), pk)
    refuse_change(pk, actor=person(request), at=time_source.now())
    toast(request, _("Kept as it was."))
    return redirect("contact-detail", pk=change.contact.canonical.pk)
