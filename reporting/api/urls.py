"""REST addresses of the mirror."""

from django.urls import URLPattern, path

from reporting.api import reports

urlpatterns: list[URLPattern] = [
    path("reports/<slug:panel>/", reports.Report.as_view(), name="report"),
]
