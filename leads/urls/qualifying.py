"""Definitions, personas, the qualify queue."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
