"""The words of a notice, in the language of the moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.formats import date_format

from smarketing.registry import notice_kinds

if TYPE_CHECKING:
    from accounts.models import Notice

DAY = "j M Y"


class Words(NamedTuple):
    """How a notice reads."""

    title: str
    body: str
    icon: str


def words_of(notice: Notice) -> Words:
    """Return title, body and icon; a kind of an app that is gone reads as its key.

    A value that the notice lacks reads as nothing: old rows must stay readable. Dates are kept as
    ISO text under names ending in `_on` and read as the reader writes dates.
    """
    if notice.kind not in notice_kinds:
        return Words(notice.kind, "", "bell")
    kind = notice_kinds[notice.kind]
    params = defaultdict(str, _readable(notice.params))
    return Words(str(kind.title) % params, str(kind.body) % params, kind.icon)


def _readable(params: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date_format(date.fromisoformat(value), DAY) if name.endswith("_on") else value
        for name, value in params.items()
    }
