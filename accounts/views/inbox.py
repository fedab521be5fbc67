"""The inbox of notices and the bell's count."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.keyset import key_from, key_to
from accounts.selectors import notices as selectors
from accounts.services.notices import mark_read
from accounts.views.access import person, signed_in
from accounts.views.answers import list_page, page_link
from shell.toasts import toast
from smarketing import time_source

PAGE = 50
LONGEST_ID = 19  # digits; a longer number is nobody's


@require_safe
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """What the reader has been told, newest first."""
    reader, at = person(request), time_source.now()
    unread_only = request.GET.get("show") == "unread"
    page, following = selectors.inbox_page(
        reader,
        at=at,
        unread_only=unread_only,
        after=key_from(request.GET.get("after"), (datetime.fromisoformat, int)),
        limit=PAGE,
    )
    key = (following[0].isoformat(), following[1]) if following else None
    context = {
        "page": page,
        "unread_only": unread_only,
        "unread": selectors.unread_count(reader, at=at),
        "first_page": page_link(request) if "after" in request.GET else "",
        "next_page": page_link(request, after=key_to(key)) if key else "",
    }
    return list_page(request, "accounts/inbox.html", "accounts/_inbox.html", context)


@require_safe
@signed_in
def badge(request: HttpRequest) -> HttpResponse:
    """The number at the bell; nothing when nothing waits."""
    count = selectors.unread_count(person(request), at=time_source.now())
    context = {"count": count, "many": count >= selectors.MOST_COUNTED}
    # Not one blank: an empty bell is drawn by the style sheet as nothing at all.
    return HttpResponse(render_to_string("accounts/_inbox_badge.html", context, request).strip())


@require_safe
@signed_in
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark a notice read and go where it points."""
    reader, at = person(request), time_source.now()
    notice = get_object_or_404(selectors.inbox(reader, at=at), pk=notice_id)
    mark_read(reader, [notice.pk], at=at)
    ours = url_has_allowed_host_and_scheme(notice.url, None)
    return redirect(notice.url if notice.url.startswith("/") and ours else "inbox")


@require_POST
@signed_in
def read(request: HttpRequest) -> HttpResponse:
    """Mark one notice read (`notice=`), or all of them."""
    chosen = request.POST.get("notice", "")
    ids = [int(chosen[:LONGEST_ID])] if chosen.isascii() and chosen.isdigit() else None
    marked = mark_read(person(request), ids, at=time_source.now())
    if ids is None:
        toast(request, _("All read.") if marked else _("Nothing was unread."))
    return redirect("inbox")
