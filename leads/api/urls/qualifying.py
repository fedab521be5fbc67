"""Definitions, personas, the qualify queue."""

from django.urls import URLPattern, path

from leads.api import definitions, qualifying

urlpatterns: list[URLPattern] = [
    path("definitions/", definitions.DefinitionList.as_view(), name="definition-list"),
    path(
        "definitions/<int:pk>/activate/",
        definitions.DefinitionActivate.as_view(),
        name="definition-activate",
    ),
    path(
        "definitions/<int:pk>/withdraw/",
        definitions.DefinitionWithdraw.as_view(),
        name="definition-withdraw",
    ),
    path("sql-types/", definitions.SqlTypeList.as_view(), name="sql-type-list"),
    path("sql-types/<int:pk>/change/", definitions.SqlTypeChange.as_view(), name="sql-type-change"),
    path("sql-types/<int:pk>/use/", definitions.SqlTypeUse.as_view(), name="sql-type-use"),
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
    path(
        "personas/versions/<int:pk>/withdraw/",
        qualifying.PersonaWithdraw.as_view(),
        name="persona-withdraw",
    ),
    path("personas/<int:pk>/use/", qualifying.PersonaUse.as_view(), name="persona-use"),
    path("leads/qualify/", qualifying.QualifyQueue.as_view(), name="lead-qualify"),
]
