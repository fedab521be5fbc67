"""Addresses of the mirror."""

from django.urls import path

from reporting.views import panels, reviews

urlpatterns = [
    path("reports/", panels.dashboard, name="reports"),
    path("reports/<slug:key>/", panels.panel, name="report"),
    path("reports/<slug:key>/csv/", panels.panel_file, {"kind": "csv"}, name="report-csv"),
    path("reports/<slug:key>/xlsx/", panels.panel_file, {"kind": "xlsx"}, name="report-xlsx"),
    path("reviews/", reviews.reviews, name="reviews"),
]
