"""The page of a form, and its frame on other sites: for people outside, without a sign-in.

No session is read or begun, so no other site can act in anybody's name here; the page carries a
signed stamp instead. Whoever fills in the field that nobody sees is thanked, and nothing is done.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from csp.constants import NONE, SELF
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation
from leads.capture_fields import origin_of
from leads.form_stamp import LEAST, Stamp, read_stamp, write_stamp
from leads.forms_public import CARRIED, STALE, TRAP, PublicForm
from leads.models import CaptureForm
from leads.rate_limit import too_many, too_often
from leads.selectors.forms import form_by_token, own_fields_of, texts_of
from leads.services.submitting import submit
from smarketing import time_source

MOST_SEEN, MOST_SENT, MOST_OF_A_FORM = 120, 30, 600
LARGEST_BODY = 64 * 1024


@csrf_exempt  # no session, nobody's rights: the stamp stands in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@xframe_options_exempt  # the policy says which sites may frame it
def public_form(request: HttpRequest, token: str) -> HttpResponse:
    """Show a form, or take what was typed; an unknown address is 404."""
    form = form_by_token(token)
    with translation.override(_language(request, form)):
        refused = _refused(request, form)
        answer = refused or (_take if request.method == "POST" else _show)(request, form)
    return _with_policy(answer, form)


@require_safe
def form_embed(request: HttpRequest, token: str) -> HttpResponse:
    """The one script of another site: it puts the form's frame where it stands."""
    form = form_by_token(token)
    path = reverse("public-form", args=[form.token])
    context = {"address": request.build_absolute_uri(path)}
    script = render_to_string("leads/capture/embed.js", context)
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=3600"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _refused(request: HttpRequest, form: CaptureForm) -> HttpResponse | None:
    if request.method != "POST":
        seen_often = too_often(request, f"form-page:{form.pk}", MOST_SEEN)
        return _closed(request, form, "often", 429) if seen_often else None
    own = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    if origin is not None and origin_of(origin) not in {origin_of(own), *form.allowed_origins}:
        return _closed(request, form, "origin", HTTPStatus.FORBIDDEN)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        return _closed(request, form, "large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if not form.is_active:
        return _closed(request, form, "closed", HTTPStatus.GONE)
    often = too_often(request, f"form:{form.pk}", MOST_SENT)
    if often or too_many(f"form-all:{form.pk}", MOST_OF_A_FORM):
        return _closed(request, form, "often", HTTPStatus.TOO_MANY_REQUESTS)
    return None


def _show(request: HttpRequest, form: CaptureForm) -> HttpResponse:
    if not form.is_active:
        return _closed(request, form, "closed", HTTPStatus.GONE)
    language = translation.get_language()
    asked = {name: request.GET.get(name, "") for name in CARRIED}
    own = own_fields_of(form)
    typed = PublicForm(form=form, language=language, own=own, initial=asked)
    stamp = write_stamp(form.token, at=time_source.now(), consent=form.consent_version)
    return _page(request, form, typed, stamp, HTTPStatus.OK)


def _take(request: HttpRequest, form: CaptureForm) -> HttpResponse:
    at, given = time_source.now(), request.POST.get("stamp", "")
    if request.POST.get(TRAP):
        return _thanks(request, form)
    language, own = translation.get_language(), own_fields_of(form)
    typed = PublicForm(request.POST, form=form, language=language, own=own)
    stamp = read_stamp(given, form.token)
    is_right = typed.is_valid()
    if stamp is None or not stamp.is_in_time(at):
        typed.add_error(None, STALE)
        given = given if stamp is not None and _is_early(stamp, at) else ""
        is_right = False
    if not is_right or stamp is None:
        same_words = stamp is None or stamp.consent in (0, form.consent_version)
        if not same_words:
            _ask_consent_anew(typed)
        shown = given if given and same_words else ""
        shown = shown or write_stamp(form.token, at=at, consent=form.consent_version)
        return _page(request, form, typed, shown, HTTPStatus.UNPROCESSABLE_ENTITY)
    submit(form, typed.sent(stamp), at=at)
    return _thanks(request, form)


def _ask_consent_anew(typed: PublicForm) -> None:
    """A page that asks in other words than those that were agreed to asks for its own yes."""
    typed.data = {name: value for name, value in typed.data.items() if name != "consent"}


def _is_early(stamp: Stamp, at: datetime) -> bool:
    return at.timestamp() - stamp.shown_at < LEAST.total_seconds()


def _thanks(request: HttpRequest, form: CaptureForm) -> HttpResponse:
    """Thank, whoever it was: known or not, the answer is the same."""
    if form.redirect_url and not _is_framed(request):
        return HttpResponseRedirect(form.redirect_url, status=HTTPStatus.SEE_OTHER)
    return _draw(request, form, "thanks", {"redirect_url": form.redirect_url}, HTTPStatus.ACCEPTED)


def _closed(request: HttpRequest, form: CaptureForm, why: str, status: int) -> HttpResponse:
    return _draw(request, form, "closed", {"why": why}, status)


def _page(
    request: HttpRequest, form: CaptureForm, typed: PublicForm, stamp: str, status: int
) -> HttpResponse:
    context = {"typed": typed, "stamp": stamp, "trap": TRAP, "languages": _others(form)}
    return _draw(request, form, "form", context, status)


def _draw(
    request: HttpRequest, form: CaptureForm, page: str, context: dict[str, Any], status: int
) -> HttpResponse:
    """Draw a page without the request: nothing of it knows a session."""
    language = translation.get_language()
    always = {
        "form": form,
        "words": texts_of(form, language),
        "language": language,
        "framed": _is_framed(request),
        "organisation": Organisation.objects.values_list("name", flat=True).first() or "",
    }
    body = render_to_string(f"leads/capture/public_{page}.html", {**always, **context})
    return HttpResponse(body, status=status)


def _is_framed(request: HttpRequest) -> bool:
    return "frame" in request.GET


def _language(request: HttpRequest, form: CaptureForm) -> str:
    """Return the language asked for, else the browser's, of those that the form speaks."""
    asked = request.GET.get("lang", "")
    if asked in form.languages:
        return asked
    browser = translation.get_language_from_request(request)
    first = form.languages[0] if form.languages else "en"
    return browser if browser in form.languages else str(first)


def _others(form: CaptureForm) -> list[tuple[str, str]]:
    names = [(code, translation.get_language_info(code)["name_local"]) for code in form.languages]
    return names if len(names) > 1 else []


def _with_policy(answer: HttpResponse, form: CaptureForm) -> HttpResponse:
    """Let the form's sites frame it, and nobody else; nothing from outside loads."""
    afterwards = origin_of(form.redirect_url) if form.redirect_url else ""
    policy: dict[str, list[str]] = {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF, *filter(None, [afterwards])],
        "frame-ancestors": [*form.allowed_origins] or [NONE],
        "base-uri": [NONE],
    }
    answer._csp_config = policy  # type: ignore[attr-defined]  # read by the policy's middleware
    answer["X-Robots-Tag"] = "noindex"
    return answer
