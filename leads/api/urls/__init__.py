"""REST addresses of leads, part by part."""

from django.urls import URLPattern

from leads.api import schema
from leads.api.urls import (
    capture,
    deals,
    feedback,
    handoff,
    imports,
    lists,
    out,
    qualifying,
    records,
    routing,
    scoring,
    working,
)

__all__ = ["schema", "urlpatterns"]  # importing `schema` registers it

urlpatterns: list[URLPattern] = [
    *lists.urlpatterns,
    *handoff.urlpatterns,
    *routing.urlpatterns,
    *qualifying.urlpatterns,
    *scoring.urlpatterns,
    *working.urlpatterns,
    *deals.urlpatterns,
    *records.urlpatterns,
    *feedback.urlpatterns,
    *out.urlpatterns,
    *capture.urlpatterns,
    *imports.urlpatterns,
]
