"""The agreement: as it stands, and how the next version comes to be."""

from django.urls import URLPattern, path

from sla.views.agreement import agreement

urlpatterns: list[URLPattern] = [path("agreement/", agreement, name="agreement")]
