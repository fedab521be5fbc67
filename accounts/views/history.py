"""The audit log: what was changed, by whom, from what to what."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.forms.history import HistoryForm
from accounts.keyset import key_from, key_to
from accounts.rules import is_administrator
from accounts.selectors.history import HistoryFilter, history_page
from accounts.views.access import requires
from accounts.views.answers import list_page, page_link

PAGE = 50


@require_safe
@requires(is_administrator)
def audit(request: HttpRequest) -> HttpResponse:
    """The history of settings and people, searchable."""
    form = HistoryForm(request.GET)
    wanted = form.wanted
    after = key_from(request.GET.get("after"), (datetime.fromisoformat, int, int))
    changes, following = history_page(wanted, after=after, limit=PAGE)
    key = (following[0].isoformat(), *following[1:]) if following else None
    context = {
        "form": form,
        "changes": changes,
        "filtered": wanted != HistoryFilter(),
        "first_page": page_link(request) if after else "",
        "next_page": page_link(request, after=key_to(key)) if key else "",
    }
    return list_page(request, "settings/audit.html", "settings/_audit.html", context)
