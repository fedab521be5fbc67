"""Clocks as people see them."""

from django.urls import URLPattern, path

from sla.views import clocks, recalculations

urlpatterns: list[URLPattern] = [
    path("sla/clocks/", clocks.clock_list, name="clock-list"),
    path("sla/clocks/export/", clocks.clock_export, name="clock-export"),
    path("sla/clocks/<int:pk>/", clocks.clock_detail, name="clock-detail"),
    path("sla/clocks/<int:pk>/pause/", clocks.clock_pause, name="clock-pause"),
    path("sla/clocks/<int:pk>/resume/", clocks.clock_resume, name="clock-resume"),
    path(
        "sla/recalculations/<int:pk>/undo/",
        recalculations.recalculation_undo,
        name="recalculation-undo",
    ),
    path("leads/<int:pk>/clocks/", clocks.lead_clocks, name="lead-clocks"),
]
