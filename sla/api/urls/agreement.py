"""The agreement: as it stands, and how the next version comes to be."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
