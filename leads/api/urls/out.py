"""Exports, one person's data, what people agree to, how long data stay."""

from django.urls import URLPattern, path

from leads.api import exports, person_data

OF_CONTACT = {
    "consents": person_data.ContactConsents,
    "object": person_data.ContactObject,
    "agree": person_data.ContactAgree,
    "data": person_data.ContactData,
    "erase": person_data.ContactErase,
}

urlpatterns: list[URLPattern] = [
    path("exports/", exports.ExportNew.as_view(), name="export-new"),
    path("exports/<int:pk>/", exports.ExportDetail.as_view(), name="export-detail"),
    path("exports/<int:pk>/file/", exports.ExportDownload.as_view(), name="export-file"),
    *(
        path(f"contacts/<int:pk>/{verb}/", view.as_view(), name=f"contact-{verb}")
        for verb, view in OF_CONTACT.items()
    ),
    path("retention/", person_data.Retention.as_view(), name="retention"),
]
