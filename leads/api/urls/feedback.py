"""Feedback, disputes, the channel, assets."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
