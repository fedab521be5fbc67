"""Exports."""

from django.urls import URLPattern, path

from leads.api import exports

urlpatterns: list[URLPattern] = [
    path("exports/", exports.ExportNew.as_view(), name="export-new"),
    path("exports/<int:pk>/", exports.ExportDetail.as_view(), name="export-detail"),
    path("exports/<int:pk>/file/", exports.ExportDownload.as_view(), name="export-file"),
]
