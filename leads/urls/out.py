"""Exports, one person's data, erasure, how long data stay."""

from django.urls import URLPattern, path

from leads.views import data_protection, exports, person_data

urlpatterns: list[URLPattern] = [
    path("exports/", exports.export_list, name="export-list"),
    path("exports/new/", exports.export_new, name="export-new"),
    path("exports/<int:pk>/file/", exports.export_file, name="export-file"),
    path("contacts/<int:pk>/data/", person_data.contact_data, name="contact-data"),
    path("contacts/<int:pk>/erase/", person_data.contact_erase, name="contact-erase"),
    path("contacts/<int:pk>/object/", person_data.contact_object, name="contact-object"),
    path("contacts/<int:pk>/agree/", person_data.contact_agree, name="contact-agree"),
    path(
        "settings/data-protection/",
        data_protection.data_protection,
        name="settings-data-protection",
    ),
    path("settings/exports/", data_protection.every_export, name="settings-exports"),
]
