"""Definitions, personas, the qualify queue."""

from django.urls import URLPattern, path

from leads.views import definitions, personas, qualifying

urlpatterns: list[URLPattern] = [
    path("settings/definitions/", definitions.definitions, name="definitions"),
    path(
        "settings/definitions/<slug:stage>/",
        definitions.definition_history,
        name="definition-history",
    ),
    path(
        "settings/definitions/<slug:stage>/new/", definitions.definition_new, name="definition-new"
    ),
    path(
        "settings/definitions/<int:pk>/activate/",
        definitions.definition_activate,
        name="definition-activate",
    ),
    path(
        "settings/definitions/<int:pk>/withdraw/",
        definitions.definition_withdraw,
        name="definition-withdraw",
    ),
    path("settings/sql-types/", definitions.sql_types, name="sql-types"),
    path("settings/sql-types/new/", definitions.sql_type, name="sql-type-new"),
    path("settings/sql-types/<int:pk>/", definitions.sql_type, name="sql-type"),
    path("personas/", personas.persona_list, name="persona-list"),
    path("personas/new/", personas.persona_edit, name="persona-new"),
    path("personas/<int:pk>/", personas.persona_detail, name="persona-detail"),
    path("personas/<int:pk>/edit/", personas.persona_edit, name="persona-edit"),
    path("personas/<int:pk>/versions/", personas.persona_history, name="persona-history"),
    path("personas/<int:pk>/use/", personas.persona_use, name="persona-use"),
    path(
        "personas/versions/<int:pk>/activate/", personas.persona_activate, name="persona-activate"
    ),
    path(
        "personas/versions/<int:pk>/withdraw/", personas.persona_withdraw, name="persona-withdraw"
    ),
    path("leads/qualify/", qualifying.qualify_queue, name="lead-qualify"),
    path("leads/qualify/decide/", qualifying.qualify_decide, name="lead-qualify-decide"),
    path("leads/qualify/bulk/", qualifying.qualify_bulk, name="lead-qualify-bulk"),
]
