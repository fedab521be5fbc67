"""The health page: the same facts as /readyz, with jobs, queues and failed deliveries."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.rules import is_administrator
from accounts.selectors.deliveries import failed_deliveries, waiting_deliveries
from accounts.views.access import requires
from jobs import health, selectors
from smarketing import time_source

PART_NAMES = {
    "database": _("Database"),
    "migrations": _("Migrations"),
    "redis": _("Redis"),
    "worker": _("Worker"),
    "beat": _("Beat"),
}
WEEK = timedelta(days=7)


@requires(is_administrator)
def health_page(request: HttpRequest) -> HttpResponse:
    """Show how the installation is; refreshed in place every fifteen seconds."""
    at = time_source.now()
    found = health.check(at=at)
    context = {
        "now": at,
        "health": found,
        "parts": [(PART_NAMES[part.name], part) for part in found.parts],
        "jobs": selectors.job_states(),
        "queues": selectors.queue_states(),
        "failed_runs": selectors.failed_runs(since=at - WEEK),
        "failed_deliveries": failed_deliveries(since=at - WEEK),
        "waiting_deliveries": waiting_deliveries(),
    }
    template = "settings/_health.html" if request.htmx else "settings/health.html"  # type: ignore[attr-defined]  # django-htmx
    return render(request, template, context)
