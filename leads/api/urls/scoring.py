"""Score rules and ledger, touches, custom attributes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
