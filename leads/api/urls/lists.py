"""Lists of leads and one lead, by REST."""

from django.urls import URLPattern, path

from leads.api import views

urlpatterns: list[URLPattern] = [
    path("leads/", views.LeadList.as_view(), name="lead-list"),
    path("leads/<int:pk>/", views.LeadDetail.as_view(), name="lead-detail"),
    path("leads/<int:pk>/move/", views.LeadMove.as_view(), name="lead-move"),
]
