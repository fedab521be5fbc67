"""The organisation's own fields: settings, and their values on a contact, company or lead."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.rules import standing
from accounts.views.access import member_required, person, requires
from accounts.views.answers import form_page, posted
from leads import rules
from leads.enums import AttributeKind, AttributeSubject
from leads.forms_attributes import AttributeForm, OwnValuesForm
from leads.models import CustomAttribute
from leads.selectors.attributes import (
    all_attributes,
    attributes_in_use,
    own_values,
    visible_holder,
)
from leads.services import attributes as services
from shell.toasts import toast
from smarketing import time_source

PAGES = {
    AttributeSubject.CONTACT: "contact-detail",
    AttributeSubject.COMPANY: "company-detail",
    AttributeSubject.LEAD: "lead-detail",
}


def manages(user: Any) -> bool:
    """Tell whether the person defines fields."""
    return rules.manages_attributes(standing(user))


def decides(user: Any) -> bool:
    """Tell whether the person writes values."""
    return rules.decides_on_leads(standing(user))


@require_safe
@requires(manages)
def attributes(request: HttpRequest) -> HttpResponse:
    """Every field, by what it describes."""
    return render(request, "leads/attributes/list.html", {"groups": all_attributes()})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(manages)
def attribute_new(request: HttpRequest) -> HttpResponse:
    """Define a field."""
    form = AttributeForm(posted(request), subject=request.GET.get("on", ""))
    by = person(request)

    def define() -> None:
        data = form.cleaned_data
        services.define_attribute(
            subject=AttributeSubject(data["subject"]),
            label=data["label"],
            kind=data["kind"],
            choices=form.listed,
            by=by,
        )

    if form.is_valid() and attempt(form, define):
        toast(request, _("Field “%(name)s” added.") % {"name": form.cleaned_data["label"]})
        return redirect("settings-attributes")
    return form_page(request, "leads/attributes/edit.html", form, attribute=None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(manages)
def attribute_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a field or change its choices."""
    attribute = get_object_or_404(CustomAttribute, pk=pk)
    form = AttributeForm(posted(request), attribute=attribute)
    by = person(request)

    def change() -> None:
        label = form.cleaned_data["label"]
        services.change_attribute(attribute, label=label, choices=form.listed, by=by)

    if form.is_valid() and attempt(form, change):
        toast(request, _("Saved."))
        return redirect("settings-attributes")
    is_choice = attribute.kind == AttributeKind.CHOICE
    return form_page(
        request, "leads/attributes/edit.html", form, attribute=attribute, is_choice=is_choice
    )


@require_POST
@requires(manages)
def attribute_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a field out of use, or back; its values stay."""
    attribute = get_object_or_404(CustomAttribute, pk=pk)
    in_use = request.POST.get("in_use") == "1"
    services.use_attribute(attribute, in_use=in_use, by=person(request))
    said = _("“%(name)s” is in use again.") if in_use else _("“%(name)s” is out of use.")
    toast(request, said % {"name": attribute.label})
    return redirect("settings-attributes")


@require_safe
@member_required
def lead_own_values(request: HttpRequest, pk: int) -> HttpResponse:
    """The own fields of a lead, as a part of its page."""
    subject = AttributeSubject.LEAD
    row = visible_holder(person(request), subject, pk)
    context = {
        "row": row,
        "subject": subject.lower(),
        "values": own_values(row, attributes_in_use(subject)),
        "may_edit": decides(request.user),
    }
    return render(request, "leads/attributes/_card.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(decides)
def own_values_edit(request: HttpRequest, subject: str, pk: int) -> HttpResponse:
    """Write the own fields of a contact, company or lead; as a page, or in place by script."""
    known = AttributeSubject(subject.upper())
    row = visible_holder(person(request), known, pk)
    fields = attributes_in_use(known)
    form = OwnValuesForm(posted(request), row=row, attributes=fields)
    by, at = person(request), time_source.now()

    def write() -> None:
        version = form.cleaned_data["version"]
        services.write_values(row, form.values(), version=version, actor=by, at=at)

    back = reverse(PAGES[known], args=[pk])
    if form.is_valid() and attempt(form, write):
        toast(request, _("Saved."))
        return _back(request, back)
    if form.is_bound and form["version"].value() != str(row.version):
        # Told once: who saves again has seen what is there.
        form.data = {**request.POST.dict(), "version": str(row.version)}
    in_place = request.headers.get("HX-Request") == "true"
    template = "leads/attributes/_form.html" if in_place else "leads/attributes/values.html"
    return form_page(request, template, form, row=row, back=back, action=request.path)


def _back(request: HttpRequest, back: str) -> HttpResponse:
    if request.headers.get("HX-Request") != "true":
        return redirect(back)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = back
    return response
