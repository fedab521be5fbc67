"""REST addresses of the record."""

from django.urls import path

from leads.api import schema, views

__all__ = ["schema", "urlpatterns"]  # importing `schema` registers it

urlpatterns = [
    path("leads/", views.LeadList.as_view(), name="lead-list"),
    path("leads/<int:pk>/", views.LeadDetail.as_view(), name="lead-detail"),
    path("leads/<int:pk>/move/", views.LeadMove.as_view(), name="lead-move"),
]
