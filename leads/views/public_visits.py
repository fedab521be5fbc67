"""The snippet of our own sites, and where it tells of a page view.

Asked not to be tracked, by the browser or for want of consent, we write nothing and say the same.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from leads.capture_fields import browser_of, origin_of, page_of, utm_of
from leads.models import TrackedSite
from leads.rate_limit import too_often
from leads.selectors.visits import site_by_token
from leads.services.visits import Seen, record_view
from smarketing import time_source

MOST_A_MINUTE = 120
LARGEST_BODY = 8 * 1024


@require_safe
def visit_script(request: HttpRequest, token: str) -> HttpResponse:
    """The one script of a site of ours that tells of its visits."""
    site = site_by_token(token)
    path = reverse("visit-collect", args=[site.token])
    context = {"address": request.build_absolute_uri(path), "site": site}
    script = render_to_string("leads/capture/visits.js", context)
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=3600"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@csrf_exempt  # no session, nobody's rights
@require_http_methods(["POST", "OPTIONS"])
@never_cache
def visit_collect(request: HttpRequest, token: str) -> HttpResponse:
    """Take a page view from one of the site's own addresses; 204, whatever came of it."""
    site = site_by_token(token)
    origin = origin_of(request.headers.get("Origin", ""))
    if not site.is_active or origin not in site.origins:
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    answer = HttpResponse(status=HTTPStatus.NO_CONTENT)
    if request.method == "POST":
        answer.status_code = _collect(request, site, origin)
    answer["Access-Control-Allow-Origin"] = origin
    answer["Access-Control-Allow-Methods"] = "POST"
    answer["Access-Control-Allow-Headers"] = "Content-Type"
    answer["Vary"] = "Origin"
    return answer


def _collect(request: HttpRequest, site: TrackedSite, origin: str) -> int:
    if "1" in (request.headers.get("DNT"), request.headers.get("Sec-GPC")):
        return HTTPStatus.NO_CONTENT
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if too_often(request, f"visits:{site.pk}", MOST_A_MINUTE):
        return HTTPStatus.TOO_MANY_REQUESTS
    told = _read(request.body)
    if told is None:
        return HTTPStatus.BAD_REQUEST
    seen = _seen(told, origin)
    if seen is None:
        return HTTPStatus.BAD_REQUEST
    if not site.asks_consent or told.get("consent") is True:
        record_view(site, seen, at=time_source.now())
    return HTTPStatus.NO_CONTENT


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _seen(told: dict[str, Any], origin: str) -> Seen | None:
    """Return the view that is told; None unless it is of a page of the site itself."""
    browser, url, utm = browser_of(told.get("v")), _page(told.get("url")), told.get("utm")
    if not browser or origin_of(url) != origin:
        return None
    referrer = _page(told.get("ref"))
    return Seen(
        browser=browser,
        url=url,
        referrer="" if origin_of(referrer) == origin else referrer,
        utm=utm_of(utm) if isinstance(utm, dict) else {},
    )


def _page(text: Any) -> str:
    """Return an address without what may name a person: its query and its fragment."""
    return page_of(re.split(r"[?#]", text, maxsplit=1)[0]) if isinstance(text, str) else ""
