"""Contacts, companies, merges, saved views."""

from django.urls import URLPattern, path

from leads.views.records import companies, contacts, inline, merging, saved_views

urlpatterns: list[URLPattern] = [
    path("contacts/", contacts.contact_list, name="contact-list"),
    path("contacts/new/", contacts.contact_new, name="contact-new"),
    path("contacts/duplicates/", merging.duplicate_list, name="contact-duplicates"),
    path("contacts/<int:pk>/", contacts.contact_detail, name="contact-detail"),
    path("contacts/<int:pk>/edit/", contacts.contact_edit, name="contact-edit"),
    path("contacts/<int:pk>/merge/", merging.contact_merge, name="contact-merge"),
    path("contacts/<int:pk>/not/<int:other>/", merging.not_duplicate, name="contact-not-duplicate"),
    path("companies/", companies.company_list, name="company-list"),
    path("companies/new/", companies.company_new, name="company-new"),
    path("companies/<int:pk>/", companies.company_detail, name="company-detail"),
    path("companies/<int:pk>/edit/", companies.company_edit, name="company-edit"),
    path("leads/<int:pk>/merge/<int:other>/", merging.lead_merge, name="lead-merge"),
    path("leads/<int:pk>/row/", inline.lead_row, name="lead-row"),
    path("leads/<int:pk>/edit/", inline.lead_edit, name="lead-edit"),
    path("views/new/", saved_views.view_new, name="saved-view-new"),
    path("views/<int:pk>/", saved_views.view_edit, name="saved-view"),
    path("views/<int:pk>/delete/", saved_views.view_delete, name="saved-view-delete"),
    path("merges/<int:pk>/undo/", merging.merge_undo, name="merge-undo"),
]
