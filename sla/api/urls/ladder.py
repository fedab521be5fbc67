"""The ladder: who is told of what is late, and when."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
