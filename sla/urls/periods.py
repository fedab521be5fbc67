"""Period commitments, their pace and what is done about those that were missed."""

from django.urls import URLPattern, path

from sla.views import corrective_actions, periods

urlpatterns: list[URLPattern] = [
    path("sla/", periods.sla, name="sla"),
    path("sla/commitments/<int:pk>/", periods.commitment, name="commitment"),
    path("sla/actions/", corrective_actions.action_list, name="corrective-actions"),
    path("sla/actions/<int:pk>/", corrective_actions.action_detail, name="corrective-action"),
    path(
        "sla/actions/<int:pk>/decide/",
        corrective_actions.action_decide,
        name="corrective-action-decide",
    ),
    path(
        "sla/actions/<int:pk>/finish/",
        corrective_actions.action_finish,
        name="corrective-action-finish",
    ),
    path(
        "sla/actions/<int:pk>/drop/",
        corrective_actions.action_drop,
        name="corrective-action-drop",
    ),
]
