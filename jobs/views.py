"""Probes for machines: no session, no sign-in, no host check (see `jobs.middleware`)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from jobs import health
from smarketing import time_source


def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process lives."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers and migrations are right, else 503; names every part."""
    found = health.check(at=time_source.now())
    return JsonResponse(found.as_dict(), status=200 if found.is_ready else 503)
