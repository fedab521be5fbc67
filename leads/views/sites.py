"""Sites of ours whose visits are told: their snippets, and how many came."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.refusals import attempt
from accounts.views.access import member_required, person, requires
from leads.models import TrackedSite
from leads.selectors.visits import listed_sites
from leads.services.sites import add_site, use_site
from leads.views.campaigns import may_plan
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import NotAllowed


class SiteForm(forms.Form):
    """A site to count visits of."""

    name = forms.CharField(max_length=150, label=gettext_lazy("Name"))
    origins = forms.CharField(
        max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_lazy("Addresses"),
        help_text=gettext_lazy("One a line, for example https://www.example.com."),
    )  # fmt: skip
    asks_consent = forms.BooleanField(
        required=False, initial=True, label=gettext_lazy("Only after consent"),
        help_text=gettext_lazy("The site's own banner says yes by smarketing.consent(true)."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def sites(request: HttpRequest) -> HttpResponse:
    """Every site with its snippet; Marketing adds another."""
    user = person(request)
    if request.method == "POST" and not may_plan(user):
        raise NotAllowed(_("Your role does not include this page."))
    form = SiteForm(request.POST if request.method == "POST" else None)

    def add() -> None:
        data = form.cleaned_data
        add_site(
            data["name"],
            data["origins"].splitlines(),
            asks_consent=data["asks_consent"],
            actor=user,
            at=time_source.now(),
        )

    if form.is_bound and form.is_valid() and attempt(form, add):
        toast(request, _("Site added. Put its line into every page."))
        return redirect("site-list")
    rows = [(site, snippet_of(site)) for site in listed_sites()]
    context = {"rows": rows, "form": form, "may_plan": may_plan(user)}
    return render(request, "leads/capture/sites.html", context, status=422 if form.errors else 200)


def snippet_of(site: TrackedSite) -> str:
    """Return the one line that goes into every page of a site, as plain text."""
    address = f"{settings.BASE_URL}{reverse('visit-script', args=[site.token])}"
    return f'<script src="{address}" async></script>'


@require_POST
@requires(may_plan)
def site_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Count visits of a site, or no longer."""
    site = get_object_or_404(TrackedSite, pk=pk)
    in_use = request.POST.get("use") == "1"
    use_site(site, in_use=in_use, actor=person(request))
    toast(request, _("Visits are counted.") if in_use else _("Visits are no longer counted."))
    return redirect("site-list")
