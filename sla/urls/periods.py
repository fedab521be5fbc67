"""Period commitments, their pace and what is done about those that were missed."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
