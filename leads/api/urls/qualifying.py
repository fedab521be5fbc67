"""Definitions, personas, the qualify queue."""

from django.urls import URLPattern, path

from leads.api import qualifying

urlpatterns: list[URLPattern] = [
    path("definitions/", qualifying.DefinitionList.as_view(), name="definition-list"),
    path(
        "definitions/<int:pk>/activate/",
        qualifying.DefinitionActivate.as_view(),
        name="definition-activate",
    ),
    path("personas/", qualifying.PersonaList.as_view(), name="persona-list"),
    path("personas/<int:pk>/", qualifying.PersonaDetail.as_view(), name="persona-detail"),
    path(
        "personas/<int:pk>/versions/", qualifying.PersonaVersions.as_view(), name="persona-versions"
    ),
    path(
        "personas/<int:pk>/comments/", qualifying.PersonaComments.as_view(), name="persona-comments"
    ),
    path(
        "personas/versions/<int:pk>/activate/",
        qualifying.PersonaActivate.as_view(),
        name="persona-activate",
    ),
    path("leads/qualify/", qualifying.QualifyQueue.as_view(), name="lead-qualify"),
]
