"""Clocks as people see them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
