"""Feedback, disputes, the channel, assets."""

from django.urls import URLPattern, path

from leads.views import areas

urlpatterns: list[URLPattern] = [
    path("feedback/", areas.feedback, name="feedback"),
    path("channel/", areas.channel, name="channel"),
]
