"""Who gets a lead: pools, rules, queues, assignments."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
