"""Settings of the handoff: the coded reasons, and how the funnel is run."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.refusals import attempt
from accounts.rules import standing
from accounts.views.access import requires
from leads.forms_handoff import FunnelForm, ReasonForm
from leads.models import Reason
from leads.rules import keeps_reasons
from leads.selectors.house import funnel_settings
from leads.services.reasons import save_funnel, save_reason
from shell.toasts import toast


def may_keep(user: Any) -> bool:
    """Tell whether the person sets reasons and windows."""
    return keeps_reasons(standing(user))


@require_safe
@requires(may_keep)
def reason_list(request: HttpRequest) -> HttpResponse:
    """The reasons: those on the reject pad by their keys, the others, and those out of use."""
    reasons = list(Reason.objects.all())
    context = {
        "pad": [one for one in reasons if one.is_active and one.key],
        "others": [one for one in reasons if one.is_active and not one.key],
        "unused": [one for one in reasons if not one.is_active],
    }
    return render(request, "leads/handoff/reasons.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_keep)
def reason_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Change a reason, or add one; none is ever deleted, for history names it."""
    reason = get_object_or_404(Reason, pk=pk) if pk else Reason()
    form = ReasonForm(request.POST if request.method == "POST" else None, instance=reason)
    if form.is_valid() and attempt(form, lambda: save_reason(form.save(commit=False))):
        toast(request, _("Reason “%(name)s” saved.") % {"name": reason.label})
        return redirect("settings-reasons")
    context = {"form": form, "reason": reason}
    status = 422 if form.errors else 200
    return render(request, "leads/handoff/reason.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_keep)
def funnel(request: HttpRequest) -> HttpResponse:
    """How the funnel is run: windows, waits and weekdays."""
    settings = funnel_settings()
    form = FunnelForm(request.POST if request.method == "POST" else None, instance=settings)
    if form.is_valid() and attempt(form, lambda: save_funnel(form.save(commit=False))):
        toast(request, _("Settings of the funnel saved."))
        return redirect("settings-funnel")
    status = 422 if form.errors else 200
    return render(request, "leads/handoff/funnel.html", {"form": form}, status=status)
