"""Addresses of leads, part by part."""

from django.urls import URLPattern

from leads.urls import (
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

urlpatterns: list[URLPattern] = [
    *imports.urlpatterns,
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
]
