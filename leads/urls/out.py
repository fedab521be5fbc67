"""Exports, one person's data, erasure, how long data stay."""

from django.urls import URLPattern, path

from leads.views import exports, person_data

urlpatterns: list[URLPattern] = [
    path("exports/", exports.export_list, name="export-list"),
    path("exports/new/", exports.export_new, name="export-new"),
    path("exports/<int:pk>/file/", exports.export_file, name="export-file"),
    path("contacts/<int:pk>/data/", person_data.contact_data, name="contact-data"),
    path("contacts/<int:pk>/erase/", person_data.contact_erase, name="contact-erase"),
]
