"""The filters of the lists as the API knows them: those of the pages, told the time."""

from __future__ import annotations

from typing import Any

from leads.filters import LeadFilter
from smarketing import time_source


class ApiLeadFilter(LeadFilter):
    """The filters of the list of leads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, at=time_source.now(), **kwargs)
