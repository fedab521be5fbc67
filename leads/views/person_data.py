"""What is known of one person: handed out, erased, no more marketing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.refusals import attempt
from accounts.rules import standing
from accounts.views.access import person, requires
from accounts.views.answers import form_page, posted
from leads.enums.out import ExportFormat
from leads.forms_out import AgreementForm, ErasureForm, ObjectionForm
from leads.rules import decides_on_leads, keeps_person_data
from leads.selectors.contacts import visible_contact
from leads.services.erasing import erase_person
from leads.services.objecting import agree_to_marketing, object_to_marketing
from leads.services.person_data import export_person
from leads.views.exports import with_headers
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import BadInput


def may_keep_person_data(user: Any) -> bool:
    """Tell whether the person may hand out and erase people's data."""
    return keeps_person_data(standing(user))


def may_note_consent(user: Any) -> bool:
    """Tell whether the person may write down what people agree to."""
    who = standing(user)
    return decides_on_leads(who) or keeps_person_data(who)


@require_POST
@requires(may_keep_person_data)
def contact_data(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything that is known of a person as one file."""
    contact = visible_contact(person(request), pk)
    kind = request.POST.get("file_format", ExportFormat.JSON.value)
    if kind not in (ExportFormat.JSON, ExportFormat.CSV):
        raise BadInput(_("There is no such kind of file."), fields={"file_format": [kind]})
    export, data = export_person(
        person(request), contact.pk, ExportFormat(kind), at=time_source.now()
    )
    return with_headers(HttpResponse(data), export)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_keep_person_data)
def contact_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase a person, after saying why and typing the name."""
    user = person(request)
    contact = visible_contact(user, pk)
    form = ErasureForm(request.POST if request.method == "POST" else None, name=contact.name)
    if form.is_valid():
        erase_person(pk, actor=user, reason=form.cleaned_data["reason"], at=time_source.now())
        toast(request, _("The person was erased. Figures stay as they are."))
        return redirect("contact-detail", pk=contact.merged_into_id or pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "contact": contact}
    return render(request, "leads/out/erase.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_note_consent)
def contact_object(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a person wants no marketing; it holds at once."""
    user = person(request)
    contact = visible_contact(user, pk)
    form = ObjectionForm(posted(request))

    def write() -> None:
        how = form.cleaned_data["how"]
        object_to_marketing(pk, how=how, actor=user, at=time_source.now())

    if form.is_valid() and attempt(form, write):
        toast(request, _("Marketing writes to %(name)s no more.") % {"name": contact.name})
        return redirect("contact-detail", pk=contact.merged_into_id or pk)
    return form_page(request, "leads/out/object.html", form, contact=contact)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_note_consent)
def contact_agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a person agrees, to which words and how he said so."""
    user = person(request)
    contact = visible_contact(user, pk)
    form = AgreementForm(posted(request))

    def write() -> None:
        agree_to_marketing(pk, **form.cleaned_data, actor=user, at=time_source.now())

    if form.is_valid() and attempt(form, write):
        toast(request, _("Marketing may write to %(name)s.") % {"name": contact.name})
        return redirect("contact-detail", pk=contact.merged_into_id or pk)
    return form_page(request, "leads/out/agree.html", form, contact=contact)
