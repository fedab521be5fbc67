"""Duplicates and merges: compare, choose, merge, take back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.access import person, requires
from leads.filters import LAST_ID
from leads.models import Contact
from leads.selectors.contacts import visible_contact
from leads.selectors.details import visible_lead
from leads.selectors.duplicates import likely_duplicates
from leads.selectors.merging import likely_winner, preview_contacts, preview_leads
from leads.services.merging import merge_contacts, merge_leads
from leads.services.recording import say_not_duplicate
from leads.services.unmerging import undo_merge
from leads.views.bulk import safe_return
from leads.views.details import may_decide
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import NotFound, Refused

CHOICE = "choice-"


@require_safe
@requires(may_decide)
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Contacts that are likely one person twice, the newest first."""
    text = request.GET.get("before", "")
    before = int(text) if text.isdecimal() and len(text) < len(str(LAST_ID)) else None
    page = likely_duplicates(person(request), before=before)
    return render(request, "leads/records/duplicates.html", {"page": page, "begun": before})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def contact_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare two contacts field by field, and make them one."""
    user = person(request)
    one, two = visible_contact(user, pk), visible_contact(user, _other(request))
    if request.method == "GET" and "keep" not in request.GET:
        one, two = likely_winner(one, two)
    choices = _choices(request)
    if request.method == "POST":
        try:
            merge = merge_contacts(
                one.pk, two.pk, actor=user, at=time_source.now(), choices=choices,
                expected=_versions(request),
            )  # fmt: skip
        except Refused as refused:
            toast(request, str(refused), level=messages.ERROR)
        else:
            undo = reverse("merge-undo", args=[merge.pk])
            said = _("%(loser)s is merged into %(winner)s.")
            toast(request, said % {"loser": two.name, "winner": one.name}, undo_url=undo)
            return redirect("contact-detail", pk=one.pk)
    preview = preview_contacts(one, two, choices)
    status = 409 if request.method == "POST" else 200
    return render(request, "leads/records/merge.html", {"preview": preview}, status=status)


def _other(request: HttpRequest) -> int:
    text = request.POST.get("with") or request.GET.get("with") or ""
    if not text.isdecimal() or len(text) >= len(str(LAST_ID)):
        raise NotFound("no such contact")
    return int(text)


def _choices(request: HttpRequest) -> dict[str, str]:
    return {
        key.removeprefix(CHOICE): str(value)
        for key, value in request.POST.items()
        if key.startswith(CHOICE)
    }


def _versions(request: HttpRequest) -> tuple[int, int] | None:
    texts = [request.POST.get(key, "") for key in ("winner_version", "loser_version")]
    if not all(text.isdecimal() and len(text) <= 9 for text in texts):  # noqa: PLR2004
        return None
    return int(texts[0]), int(texts[1])


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_decide)
def lead_merge(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Make one cycle of two open leads of one person; `pk` stays, `other` closes as merged."""
    user = person(request)
    winner, loser = visible_lead(user, pk), visible_lead(user, other)
    choices = _choices(request)
    if request.method == "POST":
        try:
            merge = merge_leads(
                winner.pk, loser.pk, actor=user, at=time_source.now(), choices=choices
            )
        except Refused as refused:
            toast(request, str(refused), level=messages.ERROR)
        else:
            undo = reverse("merge-undo", args=[merge.pk])
            toast(request, _("The two leads are one now."), undo_url=undo)
            return redirect("lead-detail", pk=winner.pk)
    context = {
        "winner": winner,
        "loser": loser,
        "fields": preview_leads(winner, loser, choices),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "leads/records/merge_leads.html", context, status=status)


@require_POST
@requires(may_decide)
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back, with everything as it was."""
    try:
        merge = undo_merge(pk, actor=person(request), at=time_source.now())
    except Refused as refused:
        toast(request, str(refused), level=messages.ERROR)
        return HttpResponseRedirect(safe_return(request))
    toast(request, _("The merge is undone."))
    if merge.loser_id is not None:
        return redirect("contact-detail", pk=merge.loser_id)
    return redirect("lead-detail", pk=merge.loser_lead_id)


@require_POST
@requires(may_decide)
def not_duplicate(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Remember that two contacts are two people; they are not proposed again."""
    user = person(request)
    one, two = visible_contact(user, pk), visible_contact(user, other)
    say_not_duplicate(one.pk, two.pk, actor=user, at=time_source.now())
    said = _("%(one)s and %(two)s are two people.")
    toast(request, said % {"one": _named(one), "two": _named(two)})
    return HttpResponseRedirect(safe_return(request) if "next" in request.POST else _page(one))


def _named(contact: Contact) -> str:
    return contact.email or contact.name


def _page(contact: Contact) -> str:
    return reverse("contact-detail", args=[contact.pk])
