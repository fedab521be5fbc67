"""What a person sets for himself: profile, appearance, notices, API tokens."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Channel, Telling, Theme
from accounts.forms.refusals import attempt
from accounts.forms.settings import ProfileForm, TokenForm
from accounts.models import ApiToken, User
from accounts.selectors.calendars import calendar_of_person
from accounts.selectors.notices import preference_rows
from accounts.services.notices import set_preferences, set_telling
from accounts.services.tokens import create_token, revoke_token
from accounts.views.access import member_required, person, signed_in
from accounts.views.answers import form_page, posted
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import BadInput
from smarketing.registry import notice_kinds


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language, zone, appearance, numbers, keys."""
    reader = person(request)
    # The form writes into its instance before it is known to be right: give it one of its own.
    form = ProfileForm(posted(request), instance=User.objects.get(pk=reader.pk))
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        with override(saved.language):
            toast(request, _("Saved."))
        return redirect("profile")
    held = reader.memberships.select_related("team").order_by("role", "team__name")
    works_by = calendar_of_person(reader)
    return form_page(request, "settings/profile.html", form, held=held, working_time=works_by)


@require_POST
@signed_in
def set_theme(request: HttpRequest) -> HttpResponse:
    """Switch between light, dark and the system's choice; back to the page one came from."""
    theme = request.POST.get("theme", "")
    if theme not in Theme.values:
        raise BadInput(_("There is no such appearance."), fields={"theme": [_("Unknown.")]})
    User.objects.filter(pk=person(request).pk).update(theme=theme)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return redirect(back if safe and back.startswith("/") else "profile")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def notice_preferences(request: HttpRequest) -> HttpResponse:
    """Which kinds of notice reach the reader by which channel."""
    reader = person(request)
    if request.method == "POST":
        ticked = set(request.POST.getlist("take"))
        optional = [kind.key for kind in notice_kinds if kind.optional]
        wanted = {
            (kind, channel): f"{kind}:{channel}" in ticked
            for kind in optional
            for channel in Channel.values
        }
        set_preferences(reader, wanted)
        set_telling(reader, request.POST.get("telling", reader.telling))
        toast(request, _("Saved."))
        return redirect("notice-preferences")
    context = {
        "rows": preference_rows(reader),
        "channels": Channel.choices,
        "tellings": Telling.choices,
        "telling": reader.telling,
    }
    return render(request, "settings/notices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def tokens(request: HttpRequest) -> HttpResponse:
    """The reader's keys to the API; a new one's secret stands in the answer, once."""
    reader = person(request)
    at = time_source.now()
    form = TokenForm(posted(request))
    made: tuple[ApiToken, str] | None = None

    def make() -> None:
        nonlocal made
        facts = form.cleaned_data
        expires_at = at + timedelta(days=facts["days"])
        made = create_token(
            reader, name=facts["name"], scopes=facts["scopes"], expires_at=expires_at, at=at
        )

    if request.method == "POST" and form.is_valid() and attempt(form, make):
        form = TokenForm()
    mine = reader.api_tokens.order_by("-created_at", "-pk")
    answer = form_page(request, "settings/tokens.html", form, tokens=mine, made=made, at=at)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@member_required
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a key at once."""
    token = get_object_or_404(person(request).api_tokens, pk=token_id)
    revoke_token(token, at=time_source.now())
    toast(request, _("%(name)s opens nothing any more.") % {"name": token.name})
    return redirect("settings-tokens")
