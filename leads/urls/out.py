"""Exports, one person's data, erasure, how long data stay."""

from django.urls import URLPattern, path

from leads.views import exports

urlpatterns: list[URLPattern] = [
    path("exports/", exports.export_list, name="export-list"),
    path("exports/new/", exports.export_new, name="export-new"),
    path("exports/<int:pk>/file/", exports.export_file, name="export-file"),
]
