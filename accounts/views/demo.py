"""One click into the demo as each role: only with DEMO and on this machine, else 404."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.demo import demo_people
from accounts.models import User
from accounts.views.sign_in import sign_in
from smarketing.env import LOOPBACK_HOSTS


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's people (`person`: the id)."""
    if not is_demo(request):
        raise Http404
    wanted = request.POST.get("person", "")
    for known in demo_people():
        if str(known.id) == wanted:
            sign_in(request, User.objects.get(pk=known.id))
            return redirect("today")
    raise Http404


def is_demo(request: HttpRequest) -> bool:
    """Tell whether this is the demo, asked from this very machine by its own name."""
    if not settings.DEMO:
        return False
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and (
        host in LOOPBACK_HOSTS or _is_loopback(host)
    )


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def demo_context(request: HttpRequest) -> dict[str, Any]:
    """Offer templates the demo's people (`demo_people`), read only where they are shown."""
    if not settings.DEMO or not is_demo(request):
        return {}
    return {"demo_people": demo_people}
