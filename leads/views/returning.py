"""Where an action leads back to, and how it is taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from leads.models import UndoableAction


def is_ours(url: str) -> bool:
    """Tell whether an address leads to one of our own pages: a path, not the name of a view."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def safe_return_to(request: HttpRequest, url_name: str, *args: Any) -> str:
    """Return the address that the form came from, if it is one of ours, else the page named."""
    url = request.POST.get("next", "")
    if is_ours(url):
        return url
    return reverse(url_name, args=args)


def undo_url(action: UndoableAction | None) -> str:
    """Return where the action is taken back, "" when it cannot be."""
    if action is None:
        return ""
    try:
        return reverse("lead-undo", args=[action.pk])
    except NoReverseMatch:
        return ""
