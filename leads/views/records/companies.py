"""Companies: list, page, correction, begun by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.views.access import member_required, person, requires
from leads.forms_records import CompanyForm
from leads.models import Company
from leads.ordering import COMPANY_ORDERS
from leads.record_filters import CompanyFilter
from leads.selectors.companies import company_page, listed_companies, tallies_of, visible_company
from leads.selectors.contacts import known_values
from leads.selectors.lists import filter_choices
from leads.services.editing import edit_company
from leads.services.recording import create_company
from leads.views.details import may_decide
from leads.views.records.editing import Correction, correct
from leads.views.records.listing import listing
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import BadInput


@require_safe
@member_required
def company_list(request: HttpRequest) -> HttpResponse:
    """The accounts, with who owns them, how many people are known and how many leads are open."""
    user = person(request)
    filters = CompanyFilter(request.GET, queryset=listed_companies(user), request=request)

    def context(rows: list[Company]) -> Mapping[str, Any]:
        return {
            "tallies": tallies_of(user, rows),
            "sectors": known_values("leads_company", "sector"),
            "countries": known_values("leads_company", "country"),
            "owners": filter_choices().owner,
            "may_decide": may_decide(user),
        }

    return listing(request, "companies", filters, COMPANY_ORDERS, context)


@require_safe
@member_required
def company_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One company: facts, owner, people, open leads, customers, what it has brought."""
    user = person(request)
    company = visible_company(user, pk)
    context = {
        "page": company_page(user, company),
        "company": company,
        "may_decide": may_decide(user),
    }
    return render(request, "leads/records/company.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def company_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is known of a company; a second saver is told who was first."""
    user = person(request)
    company = visible_company(user, pk)

    def save(changes: Mapping[str, Any], version: int, actor: User) -> Company:
        return edit_company(pk, changes, version=version, actor=actor, at=time_source.now())

    def shown() -> Mapping[str, Any]:
        fresh = visible_company(user, pk)
        return {"page": company_page(user, fresh), "company": fresh, "may_decide": True}

    return correct(
        request,
        Correction(
            row=company,
            form=CompanyForm,
            initial=CompanyForm.initial_of,
            save=save,
            title=_("Edit %(name)s") % {"name": company.name},
            back=reverse("company-detail", args=[pk]),
            card="leads/records/_company_facts.html",
            context=shown,
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def company_new(request: HttpRequest) -> HttpResponse:
    """Make a company before anybody there is known."""
    user = person(request)
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None:
        data["version"] = "1"
    form = CompanyForm(data)
    if form.is_valid():
        values = {form.column(name): getattr(value, "pk", value)
                  for name, value in form.cleaned_data.items()}  # fmt: skip
        try:
            company = create_company(values, actor=user, at=time_source.now())
        except BadInput as wrong:
            for name, reasons in wrong.fields.items():
                form.add_error(name, [str(one) for one in reasons])
        else:
            toast(request, _("%(name)s is a company now.") % {"name": company.name})
            return HttpResponseRedirect(reverse("company-detail", args=[company.pk]))
    status = 422 if form.is_bound else 200
    return render(request, "leads/records/company_new.html", {"form": form}, status=status)
