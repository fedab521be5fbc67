"""Captures of outside sources."""

from django.urls import URLPattern, path

from leads.api.capture import CaptureView

urlpatterns: list[URLPattern] = [path("capture/", CaptureView.as_view(), name="capture")]
