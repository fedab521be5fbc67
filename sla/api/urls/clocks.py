"""Clocks as people see them."""

from django.urls import URLPattern, path

from sla.api import clocks

urlpatterns: list[URLPattern] = [
    path("clocks/", clocks.ClockList.as_view(), name="clock-list"),
    path("clocks/<int:pk>/", clocks.ClockDetail.as_view(), name="clock-detail"),
    path("clocks/<int:pk>/pause/", clocks.ClockPause.as_view(), name="clock-pause"),
    path("clocks/<int:pk>/resume/", clocks.ClockResume.as_view(), name="clock-resume"),
]
