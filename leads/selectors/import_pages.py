"""Pages of the list of imports: newest first, by the key of the last row of the page before."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from leads.models import LeadImport
from leads.selectors.imports import with_sums_of_run

SIZE = 50
Key = tuple[datetime, int]


def page_of_imports(after: Key | None, *, size: int = SIZE) -> tuple[list[LeadImport], Key | None]:
    """Return a page, and the key after which the next one begins; None at the end."""
    return _page(LeadImport.objects.select_related("created_by", "undone_by"), after, size)


def page_of_files(after: Key | None, *, size: int = SIZE) -> tuple[list[LeadImport], Key | None]:
    """Return such a page, each import with the sums of its run; one statement."""
    return _page(with_sums_of_run(LeadImport.objects.select_related("created_by")), after, size)


def _page(
    rows: QuerySet[LeadImport], after: Key | None, size: int
) -> tuple[list[LeadImport], Key | None]:
    if after is not None:
        at, pk = after
        rows = rows.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=pk))
    found = list(
        rows.defer("sample", "choices", "mapping").order_by("-created_at", "-id")[: size + 1]
    )
    page = found[:size]
    return page, (page[-1].created_at, page[-1].pk) if len(found) > size else None
