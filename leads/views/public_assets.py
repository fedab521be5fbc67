"""The page behind the link of a sent asset: for people outside, without a sign-in.

Fetching the page counts nothing: mail scanners, previews and prefetches do that, too. A real
opening is told by the page's own script, once the page is seen.
"""

from __future__ import annotations

from http import HTTPStatus

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Organisation
from leads.rate_limit import too_often
from leads.selectors.assets import sent_by_token
from leads.services.assets import record_opening
from smarketing import time_source

MOST_A_MINUTE = 60
STRICT = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}
# Browsers that load ahead of their people say so; programs say what they are.
AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
PROGRAMS = ("bot", "crawler", "spider", "preview", "scanner", "headlesschrome", "curl/", "wget/",
            "python-", "safelinks", "barracuda", "mimecast", "proofpoint")  # fmt: skip


@require_safe
@never_cache
@csp(STRICT)  # type: ignore[arg-type]  # typed for views without arguments
def asset_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the asset, or a button to it; an unknown link is 404 in the same words, always."""
    if too_often(request, "asset", MOST_A_MINUTE):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    send = sent_by_token(token)
    organisation = Organisation.objects.values_list("name", flat=True).first() or ""
    context = {"asset": send.asset, "token": token, "organisation": organisation}
    answer = render(request, "leads/assets/public.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@require_POST
@never_cache
@csrf_exempt  # whoever holds the link may say that he opened it, and nothing else
def asset_opened(request: HttpRequest, token: str) -> HttpResponse:
    """Record that a person outside has the page before his eyes.

    Loading ahead, programs and our own people are answered the same and count nothing.
    """
    if too_often(request, "asset-opened", MOST_A_MINUTE):
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    send = sent_by_token(token)
    if _is_a_person(request) and not request.user.is_authenticated:
        record_opening(send, at=time_source.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _is_a_person(request: HttpRequest) -> bool:
    ahead = any(request.headers.get(name) for name in AHEAD)
    agent = request.headers.get("User-Agent", "").casefold()
    return not ahead and bool(agent) and not any(word in agent for word in PROGRAMS)
