"""Contacts, companies, merges, saved views."""

from django.urls import URLPattern, path

from leads.api import merging, records

urlpatterns: list[URLPattern] = [
    path("contacts/", records.ContactList.as_view(), name="contact-list"),
    path("contacts/duplicates/", merging.DuplicateList.as_view(), name="contact-duplicates"),
    path("contacts/<int:pk>/", records.ContactDetail.as_view(), name="contact-detail"),
    path("contacts/<int:pk>/edit/", records.ContactEdit.as_view(), name="contact-edit"),
    path("contacts/<int:pk>/merge/", merging.ContactMerge.as_view(), name="contact-merge"),
    path(
        "contacts/<int:pk>/not-duplicate/",
        merging.ContactNotDuplicate.as_view(),
        name="contact-not-duplicate",
    ),
    path("companies/", records.CompanyList.as_view(), name="company-list"),
    path("companies/<int:pk>/", records.CompanyDetail.as_view(), name="company-detail"),
    path("companies/<int:pk>/edit/", records.CompanyEdit.as_view(), name="company-edit"),
    path("leads/<int:pk>/edit/", records.LeadEdit.as_view(), name="lead-edit"),
    path("leads/<int:pk>/merge/", merging.LeadMerge.as_view(), name="lead-merge"),
    path("merges/<int:pk>/undo/", merging.MergeUndo.as_view(), name="merge-undo"),
    path("views/", merging.SavedViewList.as_view(), name="saved-view-list"),
    path("views/<int:pk>/edit/", merging.SavedViewEdit.as_view(), name="saved-view-edit"),
    path("views/<int:pk>/delete/", merging.SavedViewDelete.as_view(), name="saved-view-delete"),
]
