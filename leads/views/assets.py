"""The library of assets, and sending one to a lead."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.access import member_required, person, requires
from accounts.views.answers import form_page
from leads.enums import ActivityKind, AssetKind
from leads.filters import LAST_ID
from leads.forms_assets import AssetForm, SendForm, initial_of
from leads.models import Asset, Lead, Persona, ProductLine
from leads.selectors import assets as selectors
from leads.selectors.details import visible_lead
from leads.services.assets import NewSend, save_asset, send_assets
from leads.views.feedback import of_both_teams, of_marketing
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import BadInput, Refused

FILTERS = ("q", "kind", "persona", "product_line", "retired")
OF_IDS = ("persona", "product_line")


@require_safe
@member_required
def asset_list(request: HttpRequest) -> HttpResponse:
    """The library: what can be sent, what is for ourselves, how often it was sent and opened."""
    user = person(request)
    rows = selectors.filtered(selectors.library(user), wanted_of(request.GET))
    context = {
        "assets": rows[: selectors.MOST_ASSETS],
        "kinds": AssetKind.choices,
        "personas": Persona.objects.filter(is_active=True).values_list("pk", "name"),
        "product_lines": ProductLine.objects.values_list("pk", "name"),
        "query": {key: request.GET.get(key, "") for key in FILTERS},
        "narrowed": any(request.GET.get(key) for key in FILTERS),
        "may_keep": of_marketing(user),
    }
    return render(request, "leads/assets/list.html", context)


def wanted_of(query: Any) -> dict[str, str]:
    """Return the readable filters of a query string."""
    wanted = {key: query.get(key, "") for key in FILTERS}
    for key in OF_IDS:
        text = wanted[key]
        is_id = text.isascii() and text.isdecimal() and 0 < int(text[:20]) <= LAST_ID
        wanted[key] = text if is_id else ""
    if wanted["kind"] not in AssetKind.values:
        wanted["kind"] = ""
    wanted["q"] = wanted["q"].replace("\x00", "")[:200]
    return wanted


@require_safe
@member_required
def asset_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One asset: what it says, whom it suits, to whom it went and who opened it."""
    user = person(request)
    asset = selectors.one_asset(user, pk)
    context = {
        "asset": asset,
        "fits": selectors.fits_of(asset),
        "sends": selectors.sends_of_asset(user, asset),
        "may_keep": of_marketing(user),
    }
    return render(request, "leads/assets/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(of_marketing)
def asset_new(request: HttpRequest) -> HttpResponse:
    """Add an asset to the library."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(of_marketing)
def asset_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an asset."""
    return _edit(request, selectors.one_asset(person(request), pk))


def _edit(request: HttpRequest, asset: Asset | None) -> HttpResponse:
    initial = initial_of(asset) if asset else {}
    form = AssetForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            user, at = person(request), time_source.now()
            saved = save_asset(form.facts(), asset=asset, actor=user, at=at)
        except BadInput as wrong:
            for name, reasons in wrong.fields.items():
                form.add_error(name, [str(reason) for reason in reasons])
        else:
            toast(request, _("“%(name)s” saved.") % {"name": saved.name})
            return redirect("asset-detail", pk=saved.pk)
    return form_page(request, "leads/assets/form.html", form, asset=asset)


@require_safe
@member_required
def lead_assets(request: HttpRequest, pk: int) -> HttpResponse:
    """What was sent to the lead, and what suits it: a part of the lead page."""
    return _of_lead(request, visible_lead(person(request), pk))


@require_POST
@requires(of_both_teams)
def lead_asset_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link for the lead; it comes back ready to copy."""
    user = person(request)
    lead = visible_lead(user, pk)
    offered = selectors.assets_for(lead)
    form = SendForm(request.POST, assets=offered)
    if not form.is_valid():
        return _of_lead(request, lead, form=form, status=422)
    data = form.cleaned_data
    asset = next(one for one in offered if str(one.pk) == data["asset"])
    logged_as = ActivityKind(data["logged_as"]) if data["logged_as"] else None
    new = NewSend(lead=lead, asset=asset, note=data["note"], logged_as=logged_as)
    try:
        (sent,) = send_assets([new], actor=user, at=time_source.now())
    except Refused as refused:
        toast(request, str(refused), level=messages.ERROR)
        return redirect("lead-detail", pk=pk)
    toast(request, _("Link made. Copy it into your message."))
    if not getattr(request, "htmx", False):
        return redirect("lead-assets", pk=pk)
    answer = _of_lead(request, lead, fresh=sent.pk)
    answer["HX-Trigger"] = "close-dialog"
    return answer


def _of_lead(
    request: HttpRequest, lead: Lead, *, status: int = 200, fresh: int = 0, **forms: Any
) -> HttpResponse:
    htmx = getattr(request, "htmx", False)
    sends = selectors.sends_of_lead(lead)
    context = {
        "lead": lead,
        "sends": [(send, link_to(request, send.token)) for send in sends],
        "fresh": fresh,
        "may_send": of_both_teams(person(request)),
        "form": SendForm(assets=selectors.assets_for(lead)),
        **forms,
    }
    page = "leads/assets/_of_lead.html" if htmx else "leads/assets/of_lead.html"
    return render(request, page, context, status=status)


def link_to(request: HttpRequest, token: str) -> str:
    """Return the whole address of a link, to be copied."""
    return request.build_absolute_uri(reverse("asset-page", args=[token]))
