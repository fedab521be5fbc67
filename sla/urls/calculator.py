"""The goal calculator."""

from django.urls import URLPattern, path

from sla.views import calculator as views

urlpatterns: list[URLPattern] = [
    path("sla/calculator/", views.calculator, name="calculator"),
    path("sla/calculator/keep/", views.keep, name="calculator-keep"),
    path("sla/calculator/promise/", views.promise, name="calculator-promise"),
    path("sla/calculator/scenarios/", views.scenario_list, name="calculator-scenarios"),
    path("sla/calculator/scenarios/<int:pk>/", views.scenario_open, name="calculator-scenario"),
    path(
        "sla/calculator/scenarios/<int:pk>/delete/",
        views.scenario_delete,
        name="calculator-scenario-delete",
    ),
]
