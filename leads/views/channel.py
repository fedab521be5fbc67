"""What both teams tell each other: field notes and campaign alerts, facing each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.keyset import key_from, key_to
from accounts.rules import standing
from accounts.views.access import member_required, person, requires
from accounts.views.answers import form_page
from leads.enums import PostKind
from leads.filters import LAST_ID
from leads.forms_channel import AlertForm, NoteForm
from leads.models import Campaign, ChannelPost
from leads.rules import is_of_marketing
from leads.selectors import channel as selectors
from leads.selectors.details import visible_lead
from leads.services.channel import acknowledge_posts, write_alert, write_note
from leads.views.disputes import of_sales
from leads.views.feedback import of_marketing, safe_return
from shell.toasts import toast
from smarketing import time_source

SIDES = {"alerts": PostKind.ALERT, "notes": PostKind.NOTE}
LONGEST_WORDS = 200
MOST_CAMPAIGNS = 500


@require_safe
@member_required
def channel(request: HttpRequest) -> HttpResponse:
    """Alerts of Marketing left, field notes of Sales right; a phone shows one of both."""
    user = person(request)
    marketing = of_marketing(user)
    usual = "notes" if marketing else "alerts"  # what the other side says
    shown = request.GET.get("side", "")
    context = {
        **{side: _column(request, side) for side in SIDES},
        "side": shown if shown in SIDES else usual,
        "campaigns": Campaign.objects.values_list("pk", "name")[:MOST_CAMPAIGNS],
        "campaign": _number(request.GET.get("campaign")),
        "unread": request.GET.get("show") == "unread",
        "narrowed": bool({"campaign", "show"} & set(request.GET)),
        "may_alert": marketing,
        "may_note": of_sales(user),
        "here": request.get_full_path(),
    }
    return render(request, "leads/channel/page.html", context)


def _column(request: HttpRequest, side: str) -> dict[str, Any]:
    """Return the posts of one side with the links to the pages beside."""
    user = person(request)
    rows = selectors.posts(SIDES[side], campaign=_number(request.GET.get("campaign")))
    if request.GET.get("show") == "unread":
        rows = selectors.unread_by(rows, user)
    place = f"{side}_after"
    after = key_from(request.GET.get(place), (datetime.fromisoformat, int))
    page, following = selectors.posts_page(rows, after=after)
    key = key_to((following[0].isoformat(), following[1])) if following else ""
    return {
        "posts": selectors.told(user, page),
        "first_page": _link(request, place, "", side) if after else "",
        "next_page": _link(request, place, key, side) if key else "",
    }


def _link(request: HttpRequest, place: str, key: str, side: str) -> str:
    query = request.GET.copy()
    query.pop(place, None)
    query["side"] = side
    if key:
        query[place] = key
    return f"?{query.urlencode()}"


@require_safe
@member_required
def channel_post(request: HttpRequest, pk: int) -> HttpResponse:
    """One post, with who has read it and who has not."""
    told = selectors.one_post(person(request), pk)
    return render(request, "leads/channel/post.html", {"told": told, "here": request.path})


@require_POST
@member_required
def channel_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one has read a post; the card comes back as it is now."""
    user = person(request)
    selectors.one_post(user, pk)
    acknowledge_posts([pk], actor=user, at=time_source.now())
    toast(request, _("Acknowledged."))
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(safe_return(request, "channel"))
    if request.GET.get("row") == "today":
        return HttpResponse("")
    context = {"told": selectors.one_post(user, pk), "here": safe_return(request, "channel")}
    return render(request, "leads/channel/_post.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(of_sales)
def channel_note(request: HttpRequest) -> HttpResponse:
    """Write a field note."""
    form = _form(request, NoteForm)
    if not _written(request, form, write_note):
        return form_page(request, "leads/channel/note.html", form)
    toast(request, _("Field note sent. Marketing finds it in its inbox."))
    return redirect("channel")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(of_marketing)
def channel_alert(request: HttpRequest) -> HttpResponse:
    """Write a campaign alert."""
    form = _form(request, AlertForm)
    if not _written(request, form, write_alert):
        return form_page(request, "leads/channel/alert.html", form)
    toast(request, _("Campaign alert sent. The reps concerned get a notice."))
    return redirect("channel")


def _written(request: HttpRequest, form: NoteForm, write: Callable[..., ChannelPost]) -> bool:
    """Post what the form says; tell whether it was done, with what was wrong at its fields."""
    if not (form.is_bound and form.is_valid()):
        return False
    user, at = person(request), time_source.now()
    return attempt(form, lambda: write(form.post(), actor=user, at=at))


def _form(request: HttpRequest, kind: type[NoteForm]) -> NoteForm:
    """Return the form with the leads that can be ticked: those asked for, and those at hand."""
    posted = request.method == "POST"
    asked = (request.POST.getlist("leads") if posted else request.GET.getlist("lead"))[:50]
    ids = [number for text in asked if (number := _number(text))]
    own = of_sales(person(request)) and kind is NoteForm
    candidates = selectors.lead_candidates(person(request), ids=ids) if ids or own else []
    initial = {"leads": ids, "campaign": _number(request.GET.get("campaign"))}
    return kind(request.POST if posted else None, initial=initial, candidates=candidates)


@require_safe
@member_required
def channel_leads(request: HttpRequest) -> HttpResponse:
    """Leads to tick in a form, found by words."""
    words = request.GET.get("q", "").strip()[:LONGEST_WORDS]
    found = selectors.lead_candidates(person(request), words=words)
    return render(request, "leads/channel/_found.html", {"leads": found, "words": words})


@require_safe
@member_required
def lead_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """What the channel says of a lead and of its campaign: a part of the lead page."""
    user = person(request)
    lead = visible_lead(user, pk)
    context = {
        "lead": lead,
        "posts": selectors.posts_of_lead(user, lead.pk, lead.campaign_id),
        "may_note": of_sales(user),
        "may_alert": is_of_marketing(standing(user)),
    }
    return render(request, "leads/channel/_of_lead.html", context)


def _number(text: Any) -> int | None:
    """Read an id; None for what is none."""
    text = str(text or "")
    known = text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_ID))
    return int(text) if known and 0 < int(text) <= LAST_ID else None
