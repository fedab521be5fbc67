"""Period commitments, their pace and what is done about those that were missed."""

from django.urls import URLPattern, path

from sla.api import commitments as views

ACTION = "corrective-actions/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path("commitments/", views.CommitmentList.as_view(), name="commitment-list"),
    path("corrective-actions/", views.CorrectiveActionList.as_view(), name="action-list"),
    path(ACTION, views.CorrectiveActionDetail.as_view(), name="action-detail"),
    path(f"{ACTION}decide/", views.CorrectiveActionDecide.as_view(), name="action-decide"),
    path(f"{ACTION}finish/", views.CorrectiveActionFinish.as_view(), name="action-finish"),
    path(f"{ACTION}drop/", views.CorrectiveActionDrop.as_view(), name="action-drop"),
]
