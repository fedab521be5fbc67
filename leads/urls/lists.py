"""Addresses of the list of leads and of one lead."""

from django.urls import path

from leads.views import api_docs, bulk, creation, details, lists

urlpatterns = [
    path("leads/", lists.lead_list, name="lead-list"),
    path("leads/new/", creation.lead_new, name="lead-new"),
    path("leads/bulk/", bulk.bulk, name="lead-bulk"),
    path("leads/<int:pk>/", details.lead_detail, name="lead-detail"),
    path("leads/<int:pk>/preview/", details.lead_preview, name="lead-preview"),
    path("leads/<int:pk>/move/", details.lead_move, name="lead-move"),
    path("leads/<int:pk>/close/", details.lead_close, name="lead-close"),
    path("api/docs/", api_docs.api_docs, name="api-docs"),
]
