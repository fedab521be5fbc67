"""The agreement: as it stands, and how the next version comes to be."""

from django.urls import URLPattern, path

from sla.views import agreement as views

urlpatterns: list[URLPattern] = [
    path("agreement/", views.agreement, name="agreement"),
    path("agreement/<int:number>/", views.agreement_version, name="agreement-version"),
]
