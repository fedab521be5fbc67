"""Decisions on leads: qualify, accept, reject, recycle, undo; reasons and windows."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
