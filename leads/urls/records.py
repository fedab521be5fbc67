"""Contacts, companies, merges, saved views."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
