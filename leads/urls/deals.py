"""Opportunities, the board, campaigns, customers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
