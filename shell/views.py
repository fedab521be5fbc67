"""The pages of the frame: Today, the search, the command menu's entries, the gallery."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from shell import gallery_samples
from shell.areas import areas_for
from shell.entries import command_entries
from shell.finding import SHORTEST_QUERY, find, results
from shell.today import greeting, panels_for
from smarketing import time_source


@require_safe
@login_required
def today(request: HttpRequest) -> HttpResponse:
    """Today: the panels of this person's roles; both teams face each other where both have some."""
    at = time_source.now()
    context: dict[str, Any] = {
        "greeting": greeting(request.user, at),
        "panels": panels_for(request.user, at),
        "rooms": [area for area in areas_for(request.user, request.path) if not area.common],
    }
    return render(request, "shell/today.html", context)


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Everything that a person may see and that answers to `q`; JSON for the command menu."""
    query = request.GET.get("q", "").strip()
    groups = find(request.user, query)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"hits": results(groups)})
    context = {"query": query, "groups": groups, "shortest": SHORTEST_QUERY}
    return render(request, "shell/search.html", context)


@require_safe
@login_required
def commands(request: HttpRequest) -> JsonResponse:
    """The entries of the command menu for this person: go and do."""
    return JsonResponse({"commands": command_entries(request.user)})


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for the icon when a page (a bare file, a download) names none."""
    return redirect(static("img/favicon.svg"))


@require_safe
@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with its code name; only while developing."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "shell/gallery.html", gallery_samples.context(time_source.now()))
