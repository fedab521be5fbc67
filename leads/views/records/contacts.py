"""Contacts: list, page, correction, begun by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.views.access import member_required, person, requires
from leads.forms_records import ContactForm, NewContactForm
from leads.models import Contact
from leads.ordering import CONTACT_ORDERS
from leads.record_filters import HAS_LEAD, ContactFilter
from leads.selectors.contacts import (
    contact_page,
    known_values,
    latest_leads,
    listed_contacts,
    visible_contact,
)
from leads.selectors.forms import labelled, proposals_of
from leads.selectors.visits import visits_of
from leads.services.contacts import ContactFacts
from leads.services.editing import edit_contact
from leads.services.recording import ContactKnown, create_contact
from leads.views.details import may_decide
from leads.views.records.editing import Correction, correct
from leads.views.records.listing import listing
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import BadInput


@require_safe
@member_required
def contact_list(request: HttpRequest) -> HttpResponse:
    """The people that this person may see: prospects, leads and customers."""
    user = person(request)
    filters = ContactFilter(request.GET, queryset=listed_contacts(user), request=request)

    def context(rows: list[Contact]) -> Mapping[str, Any]:
        return {
            "latest": latest_leads(user, rows),
            "lead_choices": HAS_LEAD,
            "countries": known_values("leads_contact", "country"),
            "may_decide": may_decide(user),
        }

    return listing(request, "contacts", filters, CONTACT_ORDERS, context)


@require_safe
@member_required
def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: who, where from, cycles with their outcomes, touches, who else it may be."""
    user = person(request)
    contact = visible_contact(user, pk)
    if contact.merged_into_id is not None:
        toast(request, _("%(name)s was merged into this contact.") % {"name": contact.name})
        return redirect("contact-detail", pk=contact.merged_into_id)
    page = contact_page(user, contact, at=time_source.now())
    ids = [contact.pk, *(row.pk for row in page.merged_from)]
    context = {
        "page": page,
        "contact": contact,
        "may_decide": may_decide(user),
        "changes": labelled(proposals_of(ids)),
        "visits": visits_of(ids),
    }
    return render(request, "leads/records/contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is known of a person; a second saver is told who was first."""
    user = person(request)
    contact = visible_contact(user, pk)

    def save(changes: Mapping[str, Any], version: int, actor: User) -> Contact:
        return edit_contact(pk, changes, version=version, actor=actor, at=time_source.now())

    def shown() -> Mapping[str, Any]:
        fresh = visible_contact(user, pk)
        page = contact_page(user, fresh, at=time_source.now())
        return {"page": page, "contact": fresh, "may_decide": True}

    return correct(
        request,
        Correction(
            row=contact,
            form=ContactForm,
            initial=ContactForm.initial_of,
            save=save,
            title=_("Edit %(name)s") % {"name": contact.name},
            back=reverse("contact-detail", args=[pk]),
            card="leads/records/_contact_facts.html",
            context=shown,
            more={"contact": contact},
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def contact_new(request: HttpRequest) -> HttpResponse:
    """Make a prospect: a person without a lead."""
    user = person(request)
    form = NewContactForm(request.POST if request.method == "POST" else None)
    known: Contact | None = None
    if form.is_valid():
        facts = ContactFacts(captured_through="typed in", **form.cleaned_data)
        try:
            contact = create_contact(facts, actor=user, at=time_source.now())
        except ContactKnown as refused:
            form.add_error("email", str(refused))
            known = refused.contact
        except BadInput as wrong:
            form.add_error(None, str(wrong))
        else:
            toast(request, _("%(name)s is a contact now.") % {"name": contact.name})
            return HttpResponseRedirect(reverse("contact-detail", args=[contact.pk]))
    context = {"form": form, "known": known}
    status = 422 if form.is_bound else 200
    return render(request, "leads/records/contact_new.html", context, status=status)
