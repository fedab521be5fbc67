"""Settings: how long personal data stay, who was erased, who took what out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.refusals import attempt
from accounts.views.access import person, requires
from accounts.views.answers import posted
from leads.forms_out import MOST_MONTHS, RetentionForm
from leads.selectors.retention import (
    SHOWN,
    Preview,
    export_log,
    latest_erasures,
    preview_idle,
    retention_settings,
)
from leads.services.retention import save_retention
from leads.views.person_data import may_keep_person_data
from shell.toasts import toast
from smarketing import time_source

MOST_DIGITS = 18


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_keep_person_data)
def data_protection(request: HttpRequest) -> HttpResponse:
    """How long data stay, with how many people would go; the latest erasures and exports.

    `?idle_months=` counts for other months than those kept, without keeping them.
    """
    settings = retention_settings()
    asked = _number(request.GET.get("idle_months", ""))
    months = asked if asked and asked <= MOST_MONTHS else settings.idle_months
    is_kept = months == settings.idle_months
    form = RetentionForm(posted(request), instance=settings)
    actor = person(request)
    if form.is_valid() and attempt(form, lambda: save_retention(form.instance, actor=actor)):
        toast(request, _("Settings saved. What is due goes tonight."))
        return redirect("settings-data-protection")
    context = {
        "form": form,
        "months": months,
        "preview": _preview(months),
        "is_kept": is_kept,
        "erasures": latest_erasures(),
        "exports": export_log(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "leads/out/data_protection.html", context, status=status)


def _preview(months: int | None) -> Preview | None:
    return preview_idle(months, at=time_source.now()) if months else None


@require_safe
@requires(may_keep_person_data)
def every_export(request: HttpRequest) -> HttpResponse:
    """Who took what out, newest first."""
    exports = export_log(before=_number(request.GET.get("before", "")), most=3 * SHOWN)
    older = exports[-1].pk if len(exports) == 3 * SHOWN else None
    return render(request, "leads/out/every_export.html", {"exports": exports, "older": older})


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS else None
