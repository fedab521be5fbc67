"""The inbox and the lead page: activities, next steps, timeline."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
