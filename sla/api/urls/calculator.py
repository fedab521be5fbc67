"""The goal calculator."""

from django.urls import URLPattern, path

from sla.api import calculator as views

urlpatterns: list[URLPattern] = [
    path("goal-calculator/", views.GoalAnswer.as_view(), name="goal-calculator"),
    path("scenarios/", views.ScenarioList.as_view(), name="scenario-list"),
    path("scenarios/<int:pk>/", views.ScenarioDetail.as_view(), name="scenario-detail"),
    path("scenarios/<int:pk>/promise/", views.ScenarioPromise.as_view(), name="scenario-promise"),
]
